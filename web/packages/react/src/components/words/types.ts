// What the components have to say in every language.

import type { QuickSyncMode, QuickSyncPreferences, QuickSyncStatus } from '../../types.ts';

/** How a status looks beside its words: never by colour alone. */
export type Tone = 'good' | 'fair' | 'poor';

export type Toggle = Exclude<keyof QuickSyncPreferences, 'mode'>;

/** A choice by its name, and a line about it. */
export interface Choice {
  readonly name: string;
  readonly detail: string;
}

export interface PanelWords {
  readonly loading: string;
  readonly noStatus: string;
  readonly network: string;
  readonly networks: Readonly<Record<QuickSyncStatus['network']['status'], string>>;
  readonly sources: Readonly<Record<NonNullable<QuickSyncStatus['network']['source']>, string>>;
  readonly mbps: (value: number) => string;
  readonly system: string;
  readonly systems: Readonly<Record<QuickSyncStatus['system']['status'], string>>;
  readonly cpu: (percent: number) => string;
  readonly memory: (percent: number) => string;
  readonly quality: string;
  readonly levels: Readonly<Record<QuickSyncStatus['quality']['level'], string>>;
  readonly kbps: (value: number) => string;
  /** A sentence of the server's about its choice. */
  readonly reason: (sentence: string) => string;
  readonly chosenForYou: string;
  readonly chosenByYou: string;
  readonly mode: string;
  readonly modes: Readonly<Record<QuickSyncMode, Choice>>;
  readonly preferences: string;
  readonly toggles: Readonly<Record<Toggle, Choice>>;
  readonly speedTest: string;
  readonly runTest: string;
  readonly testing: string;
  readonly tested: (mbps: number, quality: QuickSyncStatus['quality']['level']) => string;
  readonly notMeasured: string;
  readonly buffer: string;
  readonly target: string;
  readonly maximum: string;
  readonly lowMark: string;
  readonly beforePlay: string;
  readonly preloads: Readonly<Record<string, string>>;
  readonly seconds: (value: number) => string;
}
