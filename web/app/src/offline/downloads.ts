// What is kept on this device for times without a network, and what is on its way there. It knows
// no React and no server: an offline store does the work, one track at a time.

import type { Quality, QueueTrack } from '@quicksync/player';
import type {
  OfflineStore,
  OfflineTrack,
  OfflineUsage,
  SaveProgress,
} from '@quicksync/player/offline';

import { sentenceOf } from '../api/problem.ts';
import { STEP } from '../playback/quality.ts';
import type { Wants } from './wants.ts';

/** `kept`: plays without a network. `coming`: bytes arrive. `waiting`: its turn comes. `failed`: see `problem`. */
export type Stage = 'kept' | 'coming' | 'waiting' | 'failed';

export interface Download {
  readonly track: QueueTrack;
  readonly quality: Quality;
  readonly stage: Stage;
  /** 0 to 1. */
  readonly share: number;
  readonly bytes: number;
  /** The server has no better one. */
  readonly isBest: boolean;
  readonly problem: string | null;
}

export interface DownloadsState {
  /** `opening` until the store is there; `missing` where the browser keeps nothing. */
  readonly status: 'opening' | 'ready' | 'missing';
  readonly tracks: readonly Download[];
  readonly usage: OfflineUsage | null;
}

interface Save {
  readonly track: QueueTrack;
  readonly quality: Quality;
  readonly stop: AbortController;
  progress: SaveProgress | null;
  problem: string | null;
}

export class Downloads {
  state: DownloadsState = { status: 'opening', tracks: [], usage: null };
  readonly #watchers = new Set<() => void>();
  readonly #saves = new Map<string, Save>();
  readonly #opening: Promise<OfflineStore | null>;
  readonly #wants: Wants | null;
  #refreshes = 0;

  constructor(opening: Promise<OfflineStore>, wants: Wants | null = null) {
    this.#wants = wants;
    const wanted = wants?.read() ?? [];
    this.#opening = opening.catch(() => null);
    void this.#opening.then(async (store) => {
      if (!store) return this.#show({ status: 'missing' });
      store.subscribe(() => void this.#refresh(store));
      await this.#refresh(store);
      this.#show({ status: 'ready' });
      const unfinished = (await store.list()).filter(({ complete }) => !complete);
      for (const { track, quality } of [...unfinished, ...wanted]) this.save([track], quality);
    });
  }

  readonly subscribe = (watch: () => void): (() => void) => {
    this.#watchers.add(watch);
    return () => void this.#watchers.delete(watch);
  };

  /** What is known of a track; undefined if it is neither kept nor on its way. */
  find(trackId: string): Download | undefined {
    return this.#byId.get(trackId);
  }

  /** Fetches tracks one after another; those that are kept at this quality already stay as they are. */
  save(tracks: readonly QueueTrack[], quality: Quality): void {
    for (const track of tracks) {
      const known = this.find(track.id);
      const isThere = known?.stage === 'kept' && known.quality === quality;
      if (isThere || this.#isUnderWay(track.id)) continue;
      const save: Save = {
        ...{ track, quality },
        ...{ stop: new AbortController(), progress: null, problem: null },
      };
      this.#saves.set(track.id, save);
      void this.#opening.then((store) => store && this.#run(store, save));
    }
    this.#want();
    this.#merge();
  }

  /** Takes a track off the device, or stops it on its way. */
  remove(trackIds: readonly string[]): void {
    for (const id of trackIds) {
      this.#saves.get(id)?.stop.abort();
      this.#saves.delete(id);
    }
    this.#want();
    this.#merge();
    void this.#opening.then(async (store) => {
      for (const id of trackIds) await store?.remove(id);
    });
  }

  /** What no tries could fetch, once more. */
  retry(): void {
    for (const { track, quality, problem } of Array.from(this.#saves.values())) {
      if (problem) this.save([track], quality);
    }
  }

  /** Fetches what is kept below `quality` again; until the better copy is whole the old one plays. */
  upgrade(quality: Quality): void {
    const isBelow = (one: Download) => STEP[one.quality] < STEP[quality] && !one.isBest;
    const below = this.state.tracks.filter((one) => one.stage === 'kept' && isBelow(one));
    this.save(
      below.map(({ track }) => track),
      quality,
    );
  }

  #want(): void {
    this.#wants?.keep(
      Array.from(this.#saves.values(), ({ track, quality }) => ({ track, quality })),
    );
  }

  #isUnderWay(trackId: string): boolean {
    const save = this.#saves.get(trackId);
    return save !== undefined && save.problem === null;
  }

  async #run(store: OfflineStore, save: Save): Promise<void> {
    const onProgress = (progress: SaveProgress) => {
      save.progress = progress;
      this.#merge();
    };
    try {
      if (save.stop.signal.aborted) return;
      await store.save(save.track, save.quality, { onProgress, signal: save.stop.signal });
      if (this.#saves.get(save.track.id) === save) this.#saves.delete(save.track.id);
      this.#want();
    } catch (error) {
      if (save.stop.signal.aborted) return;
      save.problem = error instanceof Error && error.message ? error.message : sentenceOf(error);
    }
    await this.#refresh(store);
  }

  #kept: readonly Download[] = [];
  #byId: ReadonlyMap<string, Download> = new Map();

  /** The list and the room as the store has them now; the last one asked for counts. */
  async #refresh(store: OfflineStore): Promise<void> {
    const turn = (this.#refreshes += 1);
    const [list, usage] = await Promise.all([store.list(), store.usage()]);
    if (turn !== this.#refreshes) return;
    this.#kept = inAlbums(list.filter(({ complete }) => complete)).map(
      ({ track, quality, bytes, best }) => ({
        ...{ track, quality, bytes, isBest: best },
        ...{ stage: 'kept' as const, share: 1, problem: null },
      }),
    );
    this.#show({ usage });
    this.#merge();
  }

  #merge(): void {
    // A better copy on its way changes nothing yet: what is there plays.
    const ids = new Set(this.#kept.map(({ track }) => track.id));
    const saves = Array.from(this.#saves.values(), shown).filter(({ track }) => !ids.has(track.id));
    const tracks = [...saves, ...this.#kept];
    this.#byId = new Map(tracks.map((one) => [one.track.id, one]));
    this.#show({ tracks });
  }

  #show(change: Partial<DownloadsState>): void {
    this.state = { ...this.state, ...change };
    for (const watch of Array.from(this.#watchers)) watch();
  }
}

function shown({ track, quality, progress, problem }: Save): Download {
  const stage = problem ? 'failed' : progress ? 'coming' : 'waiting';
  const share = progress ? progress.segmentsDone / Math.max(1, progress.segments) : 0;
  const bytes = progress?.bytesDone ?? 0;
  return { track, quality, stage, share, bytes, isBest: false, problem };
}

/** The album saved last first, its tracks in the order they were saved. */
function inAlbums(list: readonly OfflineTrack[]): readonly OfflineTrack[] {
  const albums = new Map<string, OfflineTrack[]>();
  for (const one of list.toSorted((a, b) => b.savedAt - a.savedAt)) {
    const album = one.track.album ?? one.track.id;
    albums.set(album, [one, ...(albums.get(album) ?? [])]);
  }
  return Array.from(albums.values()).flat();
}
