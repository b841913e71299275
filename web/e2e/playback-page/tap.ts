// Reads along what goes into the browser's source buffers: the player's own word on what is heard
// would be no evidence.

export interface Appended {
  /** When, `performance.now()`. */
  readonly at: number;
  /** On the element's timeline, seconds. */
  readonly start: number;
  readonly end: number;
  readonly kbps: number;
}

const RUNGS = [64, 128, 256, 320];
const OPUS_RATE = 48_000;
const OPUS_PACKET = 960;
/** Media nearer than this to the playhead when it arrives may not be what is heard. */
const MARGIN_MS = 500;

interface Box {
  readonly type: string;
  readonly body: DataView;
}

function* boxes(view: DataView): Generator<Box> {
  for (let at = 0; at + 8 <= view.byteLength;) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > view.byteLength) return;
    const type = String.fromCharCode(...[4, 5, 6, 7].map((i) => view.getUint8(at + i)));
    yield { type, body: new DataView(view.buffer, view.byteOffset + at + 8, size - 8) };
    at += size;
  }
}

const inside = (view: DataView, path: readonly string[]): DataView | null => {
  const [type, ...rest] = path;
  if (type === undefined) return view;
  for (const box of boxes(view)) if (box.type === type) return inside(box.body, rest);
  return null;
};

function read(data: DataView, offset: number): Omit<Appended, 'at'> | null {
  const decodeTime = inside(data, ['moof', 'traf', 'tfdt']);
  const run = inside(data, ['moof', 'traf', 'trun']);
  if (!decodeTime || !run) return null;
  const wide = decodeTime.getUint8(0) === 1;
  const ticks = wide ? Number(decodeTime.getBigUint64(4)) : decodeTime.getUint32(4);
  const length = (run.getUint32(4) * OPUS_PACKET) / OPUS_RATE;
  const start = offset + ticks / OPUS_RATE;
  const rate = (data.byteLength * 8) / length / 1e3;
  const kbps = RUNGS.reduce((a, b) => (Math.abs(b - rate) < Math.abs(a - rate) ? b : a));
  return { start, end: start + length, kbps };
}

const viewOf = (data: BufferSource): DataView =>
  ArrayBuffer.isView(data)
    ? new DataView(data.buffer, data.byteOffset, data.byteLength)
    : new DataView(data);

/** Everything appended from now on. */
export function tapSourceBuffers(): readonly Appended[] {
  const appended: Appended[] = [];
  const append = SourceBuffer.prototype.appendBuffer;
  SourceBuffer.prototype.appendBuffer = function tapped(data) {
    append.call(this, data);
    const segment = read(viewOf(data), this.timestampOffset);
    if (segment) appended.push({ ...segment, at: performance.now() });
  };
  return appended;
}

/** The rate of what is heard at `position` now; `null` if nothing was appended there. */
export function heardAt(appended: readonly Appended[], position: number): number | null {
  const ready = performance.now() - MARGIN_MS;
  const covering = appended.filter(({ start, end }) => start <= position && position < end);
  return (covering.findLast(({ at }) => at <= ready) ?? covering[0])?.kbps ?? null;
}
