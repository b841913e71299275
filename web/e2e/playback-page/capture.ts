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
}

export interface Capture {
  readonly sampleRate: number;
  readonly flaws: readonly Flaw[];
  readonly heard: Heard | null;
  /** Greatest departure from the tone in any tenth of a second. */
  readonly worst: number;
}

type Message = Heard | Omit<Flaw, 'position'>;

export async function capture(element: HTMLAudioElement): Promise<() => Capture> {
  const context = new AudioContext({ sampleRate: 48_000 });
  await context.audioWorklet.addModule(new URL('./detector.js', import.meta.url));
  const detector = new AudioWorkletNode(context, 'detector');
  const flaws: Flaw[] = [];
  let heard: Heard | null = null;
  let worst = 0;
  detector.port.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'heard') {
      heard = data;
      worst = Math.max(worst, data.worst);
    } else flaws.push({ ...data, position: element.currentTime });
  });
  detector.port.start();
  // The detector answers with silence; it runs only if it leads somewhere.
  context.createMediaElementSource(element).connect(detector).connect(context.destination);
  await context.resume();
  return () => ({ sampleRate: context.sampleRate, flaws, heard, worst });
}
