// The name of this device: made once, kept by the browser, known to the server as a UUID.

const KEY = 'quicksync.device';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

type DeviceStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** The same UUID at every call while `storage` lasts; without storage a new one. */
export function deviceId(storage: DeviceStorage | null = browserStorage()): string {
  try {
    const kept = storage?.getItem(KEY);
    if (kept && UUID.test(kept)) return kept;
    const made = randomUuid();
    storage?.setItem(KEY, made);
    return made;
  } catch {
    return randomUuid();
  }
}

/** `localStorage`, or `null` where the browser forbids it. */
export function browserStorage(): DeviceStorage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/** Version 4. `crypto.randomUUID` exists on secure origins only, and a home server is often not. */
export function randomUuid(): string {
  const raw = crypto.getRandomValues(new Uint8Array(16));
  raw[6] = ((raw[6] ?? 0) & 0x0f) | 0x40;
  raw[8] = ((raw[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...raw].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
