// Where the app lives. The server writes its public path prefix into the page's <base>; every
// address the app makes is below it.

const pathOf = (url: string): string => new URL(url).pathname.replace(/\/[^/]*$/, '');

/** Without a trailing slash: empty at the root of a host. */
export const basePath: string = document.querySelector('base') ? pathOf(document.baseURI) : '';

/** The address of something the server has, from a path that starts with a slash. */
export const atServer = (path: string): string => `${basePath}${path}`;
