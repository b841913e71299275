// Amounts of data and of time for people.

import { language } from './language.ts';

const UNITS = [
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
] as const;

const short = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

/** 1.2 GB, 340 MB, 12 kB: decimal units, as data plans count them. */
export function size(bytes: number): string {
  const [unit, worth] = UNITS.find(([, least]) => Math.abs(bytes) >= least) ?? ['kB', 1e3];
  return `${short.format(bytes / worth)}\u00a0${unit}`;
}

/** A number with at most one decimal. */
export const decimal = (value: number): string => short.format(value);
