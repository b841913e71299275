// Leads an element's sound through the detector and keeps what it reports.

export interface Flaw {
  readonly kind: 'click' | 'gap';
  /** Of the capture, at `sampleRate`. */
  readonly frame: number;
  /** Departure from the tone for a click, samples for a gap. */
  readonly size: number;
  /** Where the element was, seconds; the message arrives a moment later. */
  readonly position: number;
}

interface Heard {
  readonly kind: 'heard';
  readonly frame: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly worst: number;
  readonly peak: number;
  readonly power: number;
}

export interface Capture {
  readonly sampleRate: number;
  readonly flaws: readonly Flaw[];
  readonly heard: Heard | null;
  /** Greatest departure from the tone in any tenth of a second. */
  readonly worst: number;
  /** Mean square of each tenth of a second. */
  readonly levels: readonly number[];
}

type Message = Heard | Omit<Flaw, 'position'>;

/** Listens to the element itself. */
export async function capture(element: HTMLAudioElement): Promise<() => Capture> {
  const context = new AudioContext({ sampleRate: 48_000 });
  const { detector, report } = await detect(context, element, [440]);
  context.createMediaElementSource(element).connect(detector);
  await context.resume();
  return report;
}

/** Listens to whatever the page mixes by itself, from now on; the tones are all that it may hear. */
export function captureMixes(element: HTMLAudioElement, tones: readonly number[]): () => Capture {
  const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode;
  let report: (() => Capture) | null = null;
  Object.assign(AudioNode.prototype, {
    connect(this: AudioNode, to: AudioNode): AudioNode {
      if (!(to instanceof AudioDestinationNode) || !(this instanceof GainNode)) {
        return connect.call(this, to);
      }
      const bus = bussesOf(this.context as AudioContext, async (made) => {
        const found = await detect(this.context as AudioContext, element, tones);
        connect.call(made, found.detector);
        report = found.report;
      });
      connect.call(this, bus);
      return to;
    },
  });
  return () => report?.() ?? { sampleRate: 48_000, flaws: [], heard: null, worst: 0, levels: [] };
}

const busses = new WeakMap<AudioContext, GainNode>();

function bussesOf(context: AudioContext, made: (bus: GainNode) => Promise<void>): GainNode {
  const before = busses.get(context);
  if (before) return before;
  const bus = context.createGain();
  busses.set(context, bus);
  void made(bus);
  return bus;
}

async function detect(context: AudioContext, element: HTMLAudioElement, tones: readonly number[]) {
  await context.audioWorklet.addModule(new URL('./detector.js', import.meta.url));
  const detector = new AudioWorkletNode(context, 'detector', { processorOptions: { tones } });
  const levels: number[] = [];
  const flaws: Flaw[] = [];
  let heard: Heard | null = null;
  let worst = 0;
  detector.port.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'heard') {
      heard = data;
      worst = Math.max(worst, data.worst);
      levels.push(data.power);
    } else flaws.push({ ...data, position: element.currentTime });
  });
  detector.port.start();
  // The detector answers with silence; it runs only if it leads somewhere.
  detector.connect(context.destination);
  const report = (): Capture => ({ sampleRate: context.sampleRate, flaws, heard, worst, levels });
  return { detector, report };
}
