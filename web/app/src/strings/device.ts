// A device's name for people. Until its listener gives it one, it is called what its software calls
// itself, and a browser calls itself many things.

import { words } from './words.ts';

/** In this order: each of the later ones is claimed by the earlier ones too. */
const BROWSERS = [
  ['Edge', /Edg(e|A|iOS)?\//],
  ['Opera', /OPR\//],
  ['Firefox', /(Firefox|FxiOS)\//],
  ['Chrome', /(Headless)?Chrom(e|ium)|CriOS\//],
  ['Safari', /Safari\//],
] as const;
const SYSTEMS = [
  ['Android', /Android/],
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['ChromeOS', /CrOS/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X|Macintosh/],
  ['Linux', /Linux|X11/],
] as const;

const first = (known: readonly (readonly [string, RegExp])[], text: string): string | undefined =>
  known.find(([, pattern]) => pattern.test(text))?.[0];

export function deviceName(name: string): string {
  if (!name.startsWith('Mozilla/')) return name;
  const [browser, system] = [first(BROWSERS, name), first(SYSTEMS, name)];
  if (browser && system) return words.devices.browserOn(browser, system);
  return browser ?? system ?? name;
}
