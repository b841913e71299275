// What this device says of its network, and what the server answers: the bounds that follow.

import type { Api } from '../net/api.ts';
import { readBounds } from '../net/bounds.ts';
import type { Bounds, NetworkDeclaration } from '../preferences.ts';
import { networkKind, type HintScope } from './hints.ts';

const PATH = '/api/audio/quick-sync/status/';

export interface DeclarationHost {
  /** The server's answer. */
  bounded(bounds: Bounds): void;
}

export class Declaration {
  readonly #api: Api;
  readonly #scope: HintScope;
  readonly #host: DeclarationHost;
  #given: Partial<NetworkDeclaration>;
  #asked = 0;

  constructor(
    api: Api,
    scope: HintScope,
    given: Partial<NetworkDeclaration>,
    host: DeclarationHost,
  ) {
    this.#api = api;
    this.#scope = scope;
    this.#given = given;
    this.#host = host;
  }

  /** What the page said, else what the browser says. */
  get network(): NetworkDeclaration {
    const { saveData = null } = this.#scope.navigator?.connection ?? {};
    return { kind: networkKind(this.#scope), metered: null, saveData, ...this.#given };
  }

  /** As the interface takes it: what is not known is left out. */
  get words(): Record<string, string | boolean> {
    const { kind, metered, saveData } = this.network;
    return {
      ...(kind === 'unknown' ? {} : { network_kind: kind }),
      ...(metered === null ? {} : { metered }),
      ...(saveData === null ? {} : { save_data: saveData }),
    };
  }

  /** What is left out stays as it was. */
  give(given: Partial<NetworkDeclaration>): void {
    this.#given = { ...this.#given, ...given };
  }

  /** Tells the server, and the host what follows; nothing if nobody answers or nothing is known. */
  async say(): Promise<void> {
    const words = Object.entries(this.words).map(([name, value]) => [name, String(value)]);
    if (words.length === 0) return;
    const asked = (this.#asked += 1);
    const query = new URLSearchParams(words);
    const response = await this.#api.request(`${PATH}?${query}`).catch(() => null);
    const body: unknown = response?.ok ? await response.json().catch(() => null) : null;
    // Another network since: its own answer is on the way.
    if (asked !== this.#asked || typeof body !== 'object' || !body) return;
    const bounds = 'bounds' in body ? readBounds(body.bounds) : null;
    if (bounds) this.#host.bounded(bounds);
  }
}
