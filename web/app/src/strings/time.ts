// Times and dates for people.

import { language } from './language.ts';
import { words } from './words.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** 3:07 or 1:02:03; 0:00 for what is not a length. */
export function clock(seconds: number): string {
  const whole = Number.isFinite(seconds) && seconds > 0 ? Math.floor(seconds) : 0;
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${minutes}:${two(whole % 60)}`;
}

/** 47 min or 1 h 12 min. */
export function longTime(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  return minutes < 60
    ? words.time.minutes(minutes)
    : words.time.hours(Math.floor(minutes / 60), minutes % 60);
}

const STEPS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** How long ago a Unix time in seconds was. */
export function ago(unixSeconds: number, now = Date.now() / 1e3): string {
  const passed = now - unixSeconds;
  const step = STEPS.find(([, length]) => passed >= length);
  if (!step) return words.time.justNow;
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  return format.format(-Math.floor(passed / step[1]), step[0]);
}

const dayAndMonth = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long' });

/** 29 November: the day of a Unix time in seconds. */
export const dayOf = (unixSeconds: number): string => dayAndMonth.format(unixSeconds * 1e3);
