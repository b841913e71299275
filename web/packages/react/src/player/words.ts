// What player and figures have to say, in every language.

import type { Mode, Quality, Status } from '@quicksync/player';

import { reasonIn } from '../words/reasons.ts';

export interface PlayerWords {
  readonly player: string;
  readonly play: string;
  readonly pause: string;
  readonly previous: string;
  readonly next: string;
  readonly position: string;
  readonly volume: string;
  readonly mute: string;
  readonly unmute: string;
  readonly mode: string;
  readonly modes: Readonly<Record<Mode, string>>;
  readonly qualities: Readonly<Record<Quality, string>>;
  readonly kbps: (value: number) => string;
  readonly chosenForYou: string;
  readonly chosenByYou: string;
  readonly nothing: string;
  readonly of: (position: string, duration: string) => string;
  readonly statuses: Readonly<Record<Status, string>>;
  readonly stats: string;
  readonly throughput: string;
  readonly expected: string;
  readonly buffered: string;
  readonly stalls: string;
  readonly seconds: (value: number) => string;
  readonly rates: string;
  readonly buffer: string;
  readonly decisions: string;
  /** A sentence of the decision core's. */
  readonly reason: (sentence: string) => string;
  readonly none: string;
  readonly chart: (name: string, latest: string) => string;
}

const one = (language: string, value: number): string =>
  value.toLocaleString(language, { maximumFractionDigits: 1 });
const whole = (language: string, value: number): string =>
  Math.round(value).toLocaleString(language);

const en: PlayerWords = {
  player: 'Player',
  play: 'Play',
  pause: 'Pause',
  previous: 'Previous track',
  next: 'Next track',
  position: 'Position',
  volume: 'Volume',
  mute: 'Mute',
  unmute: 'Unmute',
  mode: 'Quality',
  modes: { auto: 'Auto', ultra: 'Ultra', high: 'High', medium: 'Medium', low: 'Low' },
  qualities: { ultra: 'Ultra', high: 'High', medium: 'Medium', low: 'Low' },
  kbps: (value) => `${whole('en', value)} kbps`,
  chosenForYou: 'chosen for you',
  chosenByYou: 'chosen by you',
  nothing: 'Nothing to play',
  of: (position, duration) => `${position} of ${duration}`,
  statuses: {
    idle: 'Nothing loaded',
    loading: 'Loading',
    ready: 'Ready',
    playing: 'Playing',
    paused: 'Paused',
    stalled: 'Waiting for the network',
    ended: 'Ended',
    error: 'Stopped',
  },
  stats: 'Playback figures',
  throughput: 'Last transfer',
  expected: 'Expected',
  buffered: 'Buffered',
  stalls: 'Stalls',
  seconds: (value) => `${one('en', value)} s`,
  rates: 'Network and quality',
  buffer: 'Buffer',
  decisions: 'Last decisions',
  reason: (sentence) => sentence,
  none: 'None yet',
  chart: (name, latest) => `${name} over the last two minutes; now ${latest}`,
};

const de: PlayerWords = {
  player: 'Player',
  play: 'Abspielen',
  pause: 'Anhalten',
  previous: 'Voriger Titel',
  next: 'Nächster Titel',
  position: 'Position',
  volume: 'Lautstärke',
  mute: 'Stumm schalten',
  unmute: 'Ton einschalten',
  mode: 'Qualität',
  modes: { auto: 'Auto', ultra: 'Ultra', high: 'Hoch', medium: 'Mittel', low: 'Niedrig' },
  qualities: { ultra: 'Ultra', high: 'Hoch', medium: 'Mittel', low: 'Niedrig' },
  kbps: (value) => `${whole('de', value)} kbit/s`,
  chosenForYou: 'für Sie gewählt',
  chosenByYou: 'von Ihnen gewählt',
  nothing: 'Nichts zu spielen',
  of: (position, duration) => `${position} von ${duration}`,
  statuses: {
    idle: 'Nichts geladen',
    loading: 'Lädt',
    ready: 'Bereit',
    playing: 'Spielt',
    paused: 'Angehalten',
    stalled: 'Wartet auf das Netz',
    ended: 'Zu Ende',
    error: 'Abgebrochen',
  },
  stats: 'Zahlen zur Wiedergabe',
  throughput: 'Letzte Übertragung',
  expected: 'Erwartet',
  buffered: 'Gepuffert',
  stalls: 'Aussetzer',
  seconds: (value) => `${one('de', value)} s`,
  rates: 'Netz und Qualität',
  buffer: 'Puffer',
  decisions: 'Letzte Entscheidungen',
  reason: (sentence) => reasonIn('de', sentence),
  none: 'Noch keine',
  chart: (name, latest) => `${name} in den letzten zwei Minuten; jetzt ${latest}`,
};

export const PLAYER_WORDS = { en, de } as const satisfies Record<string, PlayerWords>;
export type PlayerLanguage = keyof typeof PLAYER_WORDS;

/** `3:07`, `1:02:09`. */
export function clock(value: number): string {
  const all = Math.max(0, Math.floor(value));
  const [hours, minutes, left] = [Math.floor(all / 3_600), Math.floor(all / 60) % 60, all % 60];
  const digits = (part: number) => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${digits(minutes)}:${digits(left)}` : `${minutes}:${digits(left)}`;
}
