// What other policies would have made of the network that a playback session had. Apart from the
// rest and loaded on demand: nobody who only listens needs it.

import { loadModule, type Source } from './loadModule.ts';

/** One transfer of a session; times from any common origin. Answers from a cache do not belong here. */
export interface MeasuredTransfer {
  readonly startMs: number;
  /** None if the transfer was given up before a byte came. */
  readonly firstByteMs: number | null;
  /** When the last byte came, or it was given up. */
  readonly endMs: number;
  /** That came. */
  readonly bytes: number;
}

export interface WhatIfRequest {
  readonly transfers: readonly MeasuredTransfer[];
  readonly segmentMs: number;
  /** Of the track that is played again: as many as the real one has, for figures like the real ones. */
  readonly segments: number;
  /** The most media held ahead of the playhead; none for any amount. */
  readonly capMs: number | null;
  /** Whether to find what nobody could beat: usually a second's work, more on bad networks. */
  readonly optimum?: boolean;
}

/** `ours`: the decision core by itself; `fixed`: with a chosen quality; `peer`: another player's rules. */
export type PolicyGroup = 'ours' | 'fixed' | 'peer';

export interface PolicyOutcome {
  readonly name: string;
  readonly group: PolicyGroup;
  /** The core's own metric; 1 is a perfect track. */
  readonly qoe: number;
  readonly meanKbps: number;
  readonly stalls: number;
  readonly stalledS: number;
  readonly startupS: number;
  /** Bytes not heard by all bytes. */
  readonly wastedShare: number;
}

export interface WhatIfResult {
  /** Ours first. A policy that comes to no end on this network is left out. */
  readonly policies: readonly PolicyOutcome[];
  /** The best value possible for one who knows the network, at least and at most, if asked for. */
  readonly optimum: { readonly atLeast: number; readonly atMost: number } | null;
  /** From the first request to the end of the last transfer. A longer playback begins it again. */
  readonly spanS: number;
  /** The part of that in which the network was measured; the rest is drawn between. */
  readonly measuredShare: number;
}

/** What the module exports: plain functions of plain numbers. */
export interface WhatIfExports {
  readonly memory: WebAssembly.Memory;
  /** Where answers are. */
  tray(): number;
  /** Makes room for transfers; where to write them, 0 if they are too many. */
  transfers(count: number): number;
  policies_text(): number;
  text(): number;
  /** 0, or why not. */
  prepare(segmentMs: number, segments: number, capMs: number): number;
  play(policy: number): number;
  optimum(): number;
}

const TRANSFER = 4;
const OUTCOME = 6;
/** By the number of `Refusal` in `crates/quicksync-whatif`. */
const REFUSALS = [
  '',
  'a time or a number of bytes is none',
  'no byte was received',
  'a transfer ends before it begins',
  'the transfers span more than a day',
  'no player could play such a track',
];

/** `source`: where the `.wasm` file is, or its bytes; default beside this module. */
export async function loadWhatIf(source?: Source): Promise<WhatIfExports> {
  // Written out whole, so that bundlers find the file.
  const beside = new URL('./wasm/quicksync_whatif.wasm', import.meta.url);
  const { instance } = await loadModule('the what-if', source ?? beside);
  return instance.exports as unknown as WhatIfExports;
}

/**
 * Replays a session's network under every policy; a track of four minutes takes some tens of
 * milliseconds. Throws an error that says what is wrong with the request.
 */
export function whatIf(wasm: WhatIfExports, request: WhatIfRequest): WhatIfResult {
  put(wasm, request.transfers);
  const { segmentMs, segments, capMs } = request;
  const refusal = wasm.prepare(segmentMs, segments, capMs ?? -1);
  if (refusal !== 0) throw new RangeError(`nothing to replay: ${REFUSALS[refusal]}`);
  const [spanS = 0, measuredS = 0] = answer(wasm);
  const policies = readPolicies(wasm).flatMap(({ group, name }, index) => {
    if (!wasm.play(index)) return [];
    const [qoe = 0, meanKbps = 0, stalls = 0, stalledS = 0, startupS = 0, wastedShare = 0] =
      answer(wasm);
    return [{ name, group, qoe, meanKbps, stalls, stalledS, startupS, wastedShare }];
  });
  const optimum = request.optimum && wasm.optimum() ? answer(wasm) : null;
  const [atLeast = 0, atMost = 0] = optimum ?? [];
  return {
    policies,
    optimum: optimum && { atLeast, atMost },
    spanS,
    measuredShare: spanS > 0 ? measuredS / spanS : 0,
  };
}

function put(wasm: WhatIfExports, transfers: readonly MeasuredTransfer[]): void {
  const at = wasm.transfers(transfers.length);
  if (at === 0) throw new RangeError('nothing to replay: too many transfers');
  const rows = new Float64Array(wasm.memory.buffer, at, transfers.length * TRANSFER);
  transfers.forEach(({ startMs, firstByteMs, endMs, bytes }, index) =>
    rows.set([startMs, firstByteMs ?? Number.NaN, endMs, bytes], index * TRANSFER),
  );
}

/** A copy: the memory may grow and move with the next call. */
const answer = (wasm: WhatIfExports): number[] => [
  ...new Float64Array(wasm.memory.buffer, wasm.tray(), OUTCOME),
];

function readPolicies(wasm: WhatIfExports): { group: PolicyGroup; name: string }[] {
  const length = wasm.policies_text();
  const bytes = new Uint8Array(wasm.memory.buffer, wasm.text(), length);
  const lines = new TextDecoder().decode(bytes).trimEnd().split('\n');
  return lines.map((line) => {
    const [group = '', name = ''] = line.split(' ');
    return { group: group as PolicyGroup, name };
  });
}
