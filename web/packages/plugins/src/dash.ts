// The decision core as the only rule of dash.js.
//
// dash.js asks its rules before each segment, and whether to give one up with each part of it. A
// rule is a factory, and what it answers a plain object: nothing of dash.js itself is needed. It
// fetches while its buffer is below a target: the target is out of reach exactly while the core has
// a wish.

import type { Quality } from '@quicksync/player';
import { CoreAdvisor, START, type Wish } from './advisor.ts';
import { follow } from './follow.ts';
import type { PluginOptions } from './options.ts';
import { ladderOf, nameRungs, PRESET_KBPS, type Rungs } from './rungs.ts';

export type { PluginOptions } from './options.ts';
export type { CoreAdvisor, Wish } from './advisor.ts';

export interface DashRepresentation {
  readonly id: string;
  readonly bitrateInKbit: number;
}

export interface DashRequest {
  readonly mediaType: string;
  readonly type: string;
  readonly index: number;
  readonly startTime: number;
  readonly duration: number;
  readonly url: string;
  readonly bytesLoaded: number;
  readonly representation: DashRepresentation;
}

/** The part of a `MediaPlayer` that is used. */
export interface DashPlayer {
  addABRCustomRule(type: string, name: string, rule: object): void;
  on(type: string, listener: (event: never) => void): void;
  off(type: string, listener: (event: never) => void): void;
  updateSettings(settings: object): void;
  getRepresentationsByType(type: 'audio'): readonly DashRepresentation[];
  getVideoElement(): HTMLMediaElement;
  duration(): number;
}

interface RulesContext {
  getMediaType(): string;
  getCurrentRequest(): DashRequest | null;
}

/** Of the priorities of dash.js the one that wins. */
const STRONG = 1;
/** No target at all, as dash.js takes zero for its own default; seconds. */
const CLOSED_S = 1e-3;
/** What a rung's rate may be above its nominal one, with the container. */
const OVERHEAD = 1.2;
/** dash.js looks for room this often. */
const LOOK_MS = 100;
const SWITCHING = 'QuickSyncRule';
/** A name of its own: a second rule of one name takes the first one's place. */
const ABANDONING = 'QuickSyncAbandonRule';
/** What dash.js would decide by. */
const OWN_RULES = [
  'throughputRule',
  'bolaRule',
  'insufficientBufferRule',
  'switchHistoryRule',
  'droppedFramesRule',
  'abandonRequestsRule',
  'l2ARule',
  'loLPRule',
];

/** Makes `player` follow the core; to be called before it has a source. */
export function quickSyncDash(player: DashPlayer, options: PluginOptions): CoreAdvisor {
  return new DashRule(player, options).advisor;
}

class DashRule {
  readonly advisor: CoreAdvisor;
  readonly #player: DashPlayer;
  #rungs: Rungs<DashRepresentation> = new Map();
  #abandoned: Wish | null = null;
  #loading: DashRequest | null = null;
  #stopFollowing: () => void = () => undefined;

  constructor(player: DashPlayer, options: PluginOptions) {
    this.#player = player;
    this.advisor = new CoreAdvisor(options, {
      wished: (wish) => this.#wished(wish),
      abandoned: (wish) => (this.#abandoned = wish),
    });
    const rule = (made: object) => () => ({ create: () => made });
    player.addABRCustomRule('qualitySwitchRules', SWITCHING, rule(this.#switching()));
    player.addABRCustomRule('abandonFragmentRules', ABANDONING, rule(this.#abandoning()));
    const start = options.startQuality ?? START;
    player.updateSettings(settings(PRESET_KBPS[start] * OVERHEAD));
    this.#listen();
    this.#wished(null);
  }

  #switching() {
    return {
      getClassName: () => SWITCHING,
      getSwitchRequest: (context: RulesContext) =>
        context.getMediaType() === 'audio' ? answer(this.#wanted(), this.advisor.wish) : NO_CHANGE,
    };
  }

  /** Asked with every part of a transfer, which is the one way to hear of them. */
  #abandoning() {
    return {
      getClassName: () => ABANDONING,
      shouldAbandon: (context: RulesContext) => {
        const request = context.getCurrentRequest();
        if (request) this.#received(request);
        const gone = this.#abandoned;
        const isGone = gone && request && this.#qualityOf(request) === gone.quality;
        if (!isGone || this.advisor.indexAt(request.startTime) !== gone.index) return NO_CHANGE;
        this.#abandoned = null;
        return answer(this.#wanted(), gone);
      },
    };
  }

  #listen(): void {
    const handlers: Readonly<Record<string, (event: never) => void>> = {
      fragmentLoadingStarted: ({ request }: { request: DashRequest }) => this.#requested(request),
      fragmentLoadingCompleted: ({ request, error }: { request: DashRequest; error?: unknown }) =>
        error && this.#failed(request),
      bytesAppendedEndFragment: ({
        mediaType,
        segmentType,
      }: {
        mediaType: string;
        segmentType: string;
      }) => mediaType === 'audio' && segmentType === 'MediaSegment' && this.#appended(),
      streamTeardownComplete: () => this.#leave(),
    };
    for (const [name, handler] of Object.entries(handlers)) this.#player.on(name, handler);
  }

  #wished(wish: Wish | null): void {
    const { depth, segmentSeconds } = this.advisor;
    const target = wish ? depth + 3 * segmentSeconds : CLOSED_S;
    this.#player.updateSettings({
      streaming: {
        buffer: {
          bufferTimeDefault: target,
          bufferTimeAtTopQuality: target,
          bufferTimeAtTopQualityLongForm: target,
        },
      },
    });
  }

  /** Once there is a request, there is a stream. */
  #enter(request: DashRequest): void {
    const representations = this.#player.getRepresentationsByType('audio');
    const rungs = representations.map((value) => {
      return { value, kbps: value.bitrateInKbit, name: value.id };
    });
    this.#rungs = nameRungs(rungs);
    this.#stopFollowing();
    this.#stopFollowing = follow(this.#player.getVideoElement(), this.advisor);
    const ladder = ladderOf(this.#rungs, request.duration, this.#player.duration());
    this.advisor.enter(ladder, request.startTime);
  }

  #wanted(): DashRepresentation | null {
    return this.#rungs.get(this.advisor.quality)?.value ?? null;
  }

  #requested(request: DashRequest): void {
    if (!isSegment(request)) return;
    if (!this.advisor.entered) this.#enter(request);
    const quality = this.#qualityOf(request);
    if (!quality) return;
    this.#loading = request;
    this.#abandoned = null;
    this.advisor.requested(this.advisor.indexAt(request.startTime), quality);
  }

  #received(request: DashRequest): void {
    const quality = this.#qualityOf(request);
    if (request !== this.#loading || !quality || !(request.bytesLoaded > 0)) return;
    const index = this.advisor.indexAt(request.startTime);
    this.advisor.received(index, quality, request.bytesLoaded);
  }

  #failed(request: DashRequest): void {
    const quality = this.#qualityOf(request);
    if (request !== this.#loading || !quality) return;
    this.#loading = null;
    this.advisor.failed(this.advisor.indexAt(request.startTime), quality, 'transient');
  }

  #appended(): void {
    const request = this.#loading;
    const quality = request && this.#qualityOf(request);
    if (!request || !quality) return;
    this.#loading = null;
    const index = this.advisor.indexAt(request.startTime);
    this.advisor.completed(index, quality, request.bytesLoaded, request.url);
  }

  #leave(): void {
    this.#stopFollowing();
    this.#loading = null;
    this.advisor.leave();
  }

  #qualityOf({ representation }: DashRequest): Quality | undefined {
    return [...this.#rungs].find(([, { value }]) => value.id === representation?.id)?.[0];
  }
}

const isSegment = ({ mediaType, type }: DashRequest): boolean =>
  mediaType === 'audio' && type === 'MediaSegment';

/** Our rule alone; and what is buffered is not fetched again. */
const settings = (start_kbps: number): object => ({
  streaming: {
    // Else it takes nothing but lower rungs for ten seconds after giving one up.
    abandonLoadTimeout: 0,
    scheduling: { defaultTimeout: LOOK_MS },
    buffer: { fastSwitchEnabled: false },
    abr: {
      autoSwitchBitrate: { audio: true },
      initialBitrate: { audio: start_kbps },
      rules: Object.fromEntries(OWN_RULES.map((rule) => [rule, { active: false }])),
    },
  },
});

const answer = (representation: DashRepresentation | null, wish: Wish | null) => ({
  representation,
  reason: wish && { quickSync: wish.reason },
  priority: STRONG,
  rule: SWITCHING,
});
const NO_CHANGE = answer(null, null);
