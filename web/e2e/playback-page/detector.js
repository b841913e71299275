// Hears what the element plays, sample by sample. The music is one tone, and a tone obeys
// x[n] = 2 cos(w) x[n-1] - x[n-2]: what departs from that is a click. Silence inside is a gap.

const TONE_HZ = 440;
/** Of full scale; the tone's amplitude is 0.1. */
const CLICK = 0.004;
/** Half a millisecond at 48 kHz: the tone crosses zero far quicker. */
const GAP_SAMPLES = 24;
const SILENCE = 1e-6;
/** Clicks nearer than this are one. */
const ONE_CLICK_SAMPLES = 480;
/** After silence the predictor needs samples, and the codec a moment, to find the tone. */
const SETTLE_SAMPLES = 480;
const REPORT_SAMPLES = 4_800;

/** What leaves nothing of these tones: x[n] - 2 cos(w) x[n-1] + x[n-2], one after the other. */
const filterOf = (tones) =>
  tones.reduce(
    (filter, hz) => {
      const steps = [1, -2 * Math.cos((2 * Math.PI * hz) / sampleRate), 1];
      const longer = Array.from({ length: filter.length + 2 }, () => 0);
      filter.forEach((one, n) => steps.forEach((step, m) => (longer[n + m] += one * step)));
      return longer;
    },
    [1],
  );

class Detector extends AudioWorkletProcessor {
  constructor({ processorOptions }) {
    super();
    this.filter = filterOf(processorOptions?.tones ?? [TONE_HZ]);
    this.before = Array.from({ length: this.filter.length - 1 }, () => 0);
    this.power = 0;
    this.first = null;
    this.last = null;
    this.clickAt = -Infinity;
    this.zeros = 0;
    this.worst = 0;
    this.peak = 0;
    this.reportAt = 0;
  }

  process(inputs) {
    const channel = inputs[0]?.[0];
    const samples = channel ?? new Float32Array(128);
    for (let i = 0; i < samples.length; i += 1) this.hear(samples[i], currentFrame + i);
    if (currentFrame >= this.reportAt) this.report();
    return true;
  }

  hear(sample, frame) {
    const silent = Math.abs(sample) < SILENCE;
    if (!silent) {
      if (this.first === null) this.first = frame;
      else if (this.zeros >= GAP_SAMPLES) this.tell('gap', frame - this.zeros, this.zeros);
      this.last = frame;
    }
    this.zeros = silent ? this.zeros + 1 : 0;
    this.predict(sample, frame);
    this.power += sample * sample;
    this.before.unshift(sample);
    this.before.pop();
  }

  predict(sample, frame) {
    if (this.first === null || frame < this.first + SETTLE_SAMPLES) return;
    const left = this.before.reduce((sum, one, n) => sum + this.filter[n + 1] * one, sample);
    const error = Math.abs(left);
    this.worst = Math.max(this.worst, error);
    this.peak = Math.max(this.peak, Math.abs(sample));
    if (error < CLICK) return;
    if (frame - this.clickAt >= ONE_CLICK_SAMPLES) this.tell('click', frame, error);
    this.clickAt = frame;
  }

  tell(kind, frame, size) {
    this.port.postMessage({ kind, frame, size });
  }

  report() {
    this.reportAt = currentFrame + REPORT_SAMPLES;
    const { first, last, worst, peak } = this;
    const power = this.power / REPORT_SAMPLES;
    this.port.postMessage({ kind: 'heard', frame: currentFrame, first, last, worst, peak, power });
    this.power = 0;
    this.worst = 0;
    this.peak = 0;
  }
}

registerProcessor('detector', Detector);
