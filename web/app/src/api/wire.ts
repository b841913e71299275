// The server's answers, as far as the app reads them.

export interface List<Item> {
  readonly count: number;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: readonly Item[];
}

export interface Me {
  readonly id: string;
  readonly name: string;
  readonly is_admin: boolean;
  readonly device_id: string;
}

export interface Track {
  readonly id: string;
  readonly title: string;
  readonly artist: string;
  readonly artist_id: string | null;
  readonly album: string;
  readonly album_id: string | null;
  readonly track_number: number | null;
  readonly disc_number: number | null;
  readonly year: number | null;
  readonly cover_url: string | null;
  /** Seconds. */
  readonly duration_s: number | null;
  /** Why it cannot be played, if so. */
  readonly problem: string | null;
}

export interface Album {
  readonly id: string;
  readonly title: string;
  readonly artist: string;
  readonly artist_id: string | null;
  readonly year: number | null;
  readonly cover_url: string | null;
  readonly track_count: number;
  /** Seconds. */
  readonly duration_s: number;
}

export interface Artist {
  readonly id: string;
  readonly name: string;
  readonly album_count: number;
  readonly track_count: number;
}

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

export interface LibraryStatus {
  readonly phase: 'idle' | 'walking' | 'analysing';
  /** Files of this phase. */
  readonly done: number;
  readonly total: number;
  readonly is_watching: boolean;
  readonly track_count: number;
  readonly album_count: number;
  readonly artist_count: number;
  readonly problem_count: number;
}

export interface LibraryProblem {
  readonly path: string;
  readonly track_id: string | null;
  readonly reason: string;
  /** Unix seconds. */
  readonly since: number;
}

export interface Token {
  readonly id: string;
  readonly name: string;
  /** Unix seconds. */
  readonly created_at: number;
  readonly last_used_at: number;
  readonly expires_at: number | null;
}

export interface NewToken extends Token {
  /** Shown this once. */
  readonly token: string;
}

export interface Device {
  readonly id: string;
  readonly name: string;
  readonly network_kind: string;
  /** Unix seconds. */
  readonly first_seen: number;
  readonly last_seen: number;
}

export interface LoginSession {
  readonly id: string;
  readonly name: string;
  readonly last_used_at: number;
  readonly is_current: boolean;
}
