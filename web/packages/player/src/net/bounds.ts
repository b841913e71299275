// What the server says bounds quality now: the listener's rules, and what is left of a month's data.

import { QUALITIES, type Bounds } from '../preferences.ts';
import { bytes } from '../units.ts';
import { isBytes } from './api.ts';

type Wire = Record<string, unknown>;
const isWire = (value: unknown): value is Wire => typeof value === 'object' && value !== null;

/** `null` where it says nothing of the kind: then nothing is bounded. */
export function readBounds(value: unknown): Bounds | null {
  if (!isWire(value)) return null;
  const cap = QUALITIES.find((quality) => quality === value['max_quality']) ?? null;
  const budget = isWire(value['budget']) ? value['budget']['left_bytes'] : null;
  return { maxQuality: cap, leftBytes: isBytes(budget) ? bytes(budget) : null };
}
