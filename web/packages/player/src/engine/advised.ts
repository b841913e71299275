// What the listener chose and the server advises, brought to the core and into the state. Decides
// nothing but how long a quality for one track holds.

import type { Bounds, Preferences, Quality } from '../preferences.ts';
import type { EngineState } from '../state.ts';
import type { Store } from '../store.ts';
import type { Advice } from './audioEngine.ts';
import type { CoreLink } from './coreLink.ts';
import { isUsable } from './settings.ts';
import type { TrackRun } from './trackRun.ts';

export interface AdvisedHost {
  readonly store: Store<EngineState>;
  readonly link: CoreLink;
  /** The present track, if there is one. */
  current(): TrackRun | null;
  declare(network: NonNullable<Advice['network']>): void;
}

export class Advised {
  readonly #host: AdvisedHost;

  constructor(host: AdvisedHost) {
    this.#host = host;
  }

  follow({ preferences, buffer, hostLoad, estimate, bounds, network }: Advice): void {
    const { link, store } = this.#host;
    if (bounds) this.bound(bounds);
    if (preferences) this.prefer(preferences);
    if (buffer && isUsable(buffer)) {
      link.change({ buffer }, this.#host.current());
      store.patch({ buffer });
    }
    if (hostLoad) link.hostLoad(hostLoad);
    if (estimate) link.settings = { ...link.settings, estimate };
    if (network) this.#host.declare(network);
  }

  prefer(preferences: Preferences): void {
    this.#host.link.change({ preferences }, this.#host.current());
    this.#host.store.patch({ mode: preferences.mode });
  }

  bound(bounds: Bounds): void {
    this.#host.link.change({ bounds }, this.#host.current());
    this.#host.store.patch({ cap: bounds.maxQuality });
  }

  override(quality: Quality | null): void {
    const { store } = this.#host;
    store.patch({ override: store.state.track && quality });
    this.keepOverride();
  }

  /** What follows is fetched by the mode again, once nothing better is to come of this track. */
  keepOverride(): void {
    const { override } = this.#host.store.state;
    const current = this.#host.current();
    const done = override && current?.isBest(override);
    this.#host.link.change({ override: done ? null : override }, current);
  }
}
