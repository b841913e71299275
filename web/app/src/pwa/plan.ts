// What the service worker does with a request. Pure.

/** The files of a build, and a name that changes with them. */
export interface Build {
  readonly version: string;
  /** Below the app's folder; the page itself is the empty name. */
  readonly files: readonly string[];
}

export const SHELL_PREFIX = 'quicksync-shell-';
/** Covers of what is kept on the device. */
export const COVERS = 'quicksync-covers';

export const cacheNameOf = ({ version }: Build): string => `${SHELL_PREFIX}${version}`;

export type Plan = 'shell' | 'file' | 'cover' | 'leave';

/** Answered by the server alone, though they look like addresses of the app. */
const SERVER = /^(api|healthz|readyz|metrics)(\/|$)/;
const FILES = /^(assets\/|icons\/|favicon\.svg$|manifest\.webmanifest$)/;

export function planOf(
  request: { readonly mode: string; readonly method: string },
  address: string,
  scope: URL,
): Plan {
  const { origin, pathname } = new URL(address);
  const isHere = origin === scope.origin && pathname.startsWith(scope.pathname);
  if (request.method !== 'GET' || !isHere) return 'leave';
  const path = pathname.slice(scope.pathname.length);
  if (path.startsWith('api/covers/')) return 'cover';
  if (SERVER.test(path)) return 'leave';
  if (request.mode === 'navigate') {
    const isFile = path.split('/').at(-1)?.includes('.') ?? false;
    return isFile ? 'leave' : 'shell';
  }
  return FILES.test(path) ? 'file' : 'leave';
}
