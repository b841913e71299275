// What kind of network this device is on and whether its data is dear: as the browser says, or else
// as the listener declared. The declaration is kept on this device and given to the player, which
// tells the server.

import type { NetworkDeclaration, NetworkKind } from '@quicksync/player';

export const KINDS = ['wifi', 'cellular', 'ethernet', 'unknown'] as const;

const KEY = 'quicksync.network';

interface BrowserConnection {
  readonly type?: string;
}

/** `unknown` where the browser does not tell: everywhere but on Android and ChromeOS. */
export function toldKind(): NetworkKind {
  const { connection } = navigator as { readonly connection?: BrowserConnection };
  return KINDS.find((kind) => kind === connection?.type) ?? 'unknown';
}

type Declared = Partial<NetworkDeclaration>;

/** What was declared here; the kind only where the browser does not tell it. */
export function declaredNetwork(): Declared {
  const { kind, metered, saveData } = kept();
  const known = KINDS.find((one) => one === kind && one !== 'unknown');
  return {
    ...(known && toldKind() === 'unknown' ? { kind: known } : {}),
    ...(typeof metered === 'boolean' ? { metered } : {}),
    ...(typeof saveData === 'boolean' ? { saveData } : {}),
  };
}

/** Whether the listener said that bytes cost money here, or that they want to be spared data. */
export function isDear(): boolean {
  const { kind, metered, saveData } = declaredNetwork();
  return kind === 'cellular' || metered === true || saveData === true;
}

/** What is left out stays as it was. */
export function declareNetwork(part: Declared): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...kept(), ...part }));
  } catch {
    // Then it lasts as long as the page.
  }
}

function kept(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value ? { ...value } : {};
  } catch {
    return {}; // storage may be forbidden, or hold what is no declaration
  }
}
