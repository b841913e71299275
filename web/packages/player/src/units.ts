// Numbers with their units, so that seconds never meet samples and kbps never meets Mbps.

declare const unit: unique symbol;
type Unit<Name extends string> = number & { readonly [unit]: Name };

export type Seconds = Unit<'s'>;
export type Millis = Unit<'ms'>;
export type Micros = Unit<'us'>;
/** Samples at 48 kHz. */
export type Samples = Unit<'samples'>;
export type Bytes = Unit<'bytes'>;
export type Kbps = Unit<'kbps'>;

/** Every rendition is sampled at this rate, whatever its source was. */
export const SAMPLE_RATE = 48_000;

export const seconds = (value: number): Seconds => value as Seconds;
export const millis = (value: number): Millis => value as Millis;
export const micros = (value: number): Micros => value as Micros;
export const samples = (value: number): Samples => value as Samples;
export const bytes = (value: number): Bytes => value as Bytes;
export const kbps = (value: number): Kbps => value as Kbps;

export const samplesToSeconds = (value: Samples): Seconds => seconds(value / SAMPLE_RATE);
export const secondsToSamples = (value: Seconds): Samples =>
  samples(Math.round(value * SAMPLE_RATE));
export const secondsToMicros = (value: Seconds): Micros => micros(Math.round(value * 1e6));
export const microsToMillis = (value: Micros): Millis => millis(value / 1e3);

/** The rate of a transfer; zero if it took no measurable time. */
export const rateOf = (size: Bytes, duration: Millis): Kbps =>
  kbps(duration > 0 ? (size * 8) / duration : 0);
