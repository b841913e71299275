// The server's answers by short names, from the types generated of its OpenAPI document
// (`npm run generate` in `tools/api-types`). The server sends every field, null or not; the
// document can only call those that may be null optional.

import type { components } from './schema.d.ts';

type Schemas = components['schemas'];
type Sent<Name extends keyof Schemas> = Readonly<Required<Schemas[Name]>>;

export interface List<Item> {
  readonly count: number;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: readonly Item[];
}

export type Me = Sent<'Me'>;
export type Track = Sent<'Track'>;
export type Album = Sent<'Album'>;
export type Artist = Sent<'Artist'>;
export type LibraryProblem = Sent<'LibraryProblem'>;
export type LibraryStatus = Sent<'LibraryStatus'>;
export type Token = Sent<'Token'>;
export type LoginSession = Sent<'LoginSession'>;
export type User = Sent<'User'>;
export type Device = Sent<'DeviceBody'>;
export type DeviceChange = Schemas['DeviceChange'];
export type Caps = Schemas['CapsBody'];
export type Rules = Sent<'UserRulesBody'>;
export type BudgetRule = Sent<'BudgetRule'>;
export type Ledger = Sent<'BudgetAnswer'>;
export type Month = Schemas['MonthBody'];
export type Usage = Sent<'UsageBody'>;
export type StatusAnswer = Sent<'StatusAnswer'>;
export type Past = Sent<'HistoryAnswer'>;
export type Sample = Sent<'SampleBody'>;
export type Forecast = Sent<'ForecastAnswer'>;
export type ServerTest = Sent<'TestAnswer'>;
export type Target = Schemas['TargetBody'];
export type Figures = Sent<'Figures'>;
export type Group = Schemas['GroupBody'];
export type Series = Schemas['SeriesAnswer'];
export type Session = Sent<'SessionBody'>;
export type SessionDetail = Sent<'SessionDetail'>;
export type SessionEvent = Sent<'EventBody'>;

/** A token with its secret, which is shown this once. */
export type NewToken = Token & { readonly token: string };

/** The first hits of a kind, and how many there are. */
export interface Hits<Item> {
  readonly count: number;
  readonly results: readonly Item[];
}

export interface SearchResults {
  readonly tracks: Hits<Track>;
  readonly albums: Hits<Album>;
  readonly artists: Hits<Artist>;
}
