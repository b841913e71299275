// A server with the tones in its library, and a network in front of it.

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, run, start, stop, until } from './processes.mjs';
import { TRACKS, writeTones } from './tones.mjs';

const USER = 'listener';
const LATENCY_MS = 40;

/** Makes the music and a data folder that knows it; every world starts from a copy. */
export async function prepareLibrary(place, programs, tracks = TRACKS) {
  const library = { music: join(place, 'music'), data: join(place, 'data'), tracks };
  mkdirSync(library.music);
  writeTones(library.music, tracks);
  const [music, data] = [library.music, library.data];
  await run(programs.quicksync, ['scan', '--music', music, '--data', data]);
  await run(
    programs.quicksync,
    ['user', 'add', USER, '--password-stdin', '--data', data],
    'a long enough password\n',
  );
  return library;
}

/** `plan` as the relay takes it, or a file as `trace`; `pageOrigin` may call the server. */
export async function openWorld({ programs, library, place, name, plan, trace, pageOrigin }) {
  const data = join(place, name.replace(/\W+/g, '-'));
  cpSync(library.data, data, { recursive: true });
  const [relayPort, ready] = [await freePort(), join(data, 'ready')];
  const base = `http://127.0.0.1:${relayPort}`;
  const newToken = async () => {
    const out = await run(programs.quicksync, ['token', 'create', USER, '--data', data]);
    return out.trim().split('\n').at(-1);
  };
  const token = await newToken();
  const serve = async (listen) => {
    rmSync(ready, { force: true });
    const server = start(programs.quicksync, [
      ...['serve', '--music', library.music, '--data', data, '--listen', listen],
      ...['--public-url', base, '--allowed-origins', pageOrigin, '--probe-enabled', 'false'],
      ...['--ready-file', ready],
    ]);
    await until(
      'the server answers',
      () => {
        if (server.child.exitCode !== null) throw new Error(`the server ended: ${server.output}`);
        return existsSync(ready) && readFileSync(ready, 'utf8').includes(':');
      },
      60_000,
    );
    return server;
  };
  let server = await serve('127.0.0.1:0');
  const address = readFileSync(ready, 'utf8').trim();
  const ask = (path, init = {}) =>
    fetch(`http://${address}${path}`, {
      ...init,
      headers: { ...init.headers, Authorization: `Bearer ${token}` },
    });
  const tracks = await until('the library is there', () => libraryOf(ask, library.tracks));
  const network = createNetwork(programs.relay, { to: address, port: relayPort, plan, trace });
  await network.start();
  return {
    ...{ base, token, newToken, tracks, network, ask },
    get server() {
      return server;
    },
    /** The server dies where it stands; `revive` starts it again at the same address. */
    kill: () => stop(server, 'SIGKILL'),
    revive: async () => void (server = await serve(address)),
    close: () => Promise.all([network.stop(), stop(server)]),
  };
}

/** Tracks by title, once all are there. */
async function libraryOf(ask, tracks) {
  const response = await ask('/api/tracks/');
  if (!response.ok) throw new Error(`the library answers ${response.status}`);
  const { results } = await response.json();
  const found = Object.fromEntries(results.map(({ id, title }) => [title, { id, title }]));
  return tracks.every(({ title }) => found[title]) && found;
}

/** The relay; it can be taken away and put back at the same address. */
function createNetwork(program, { to, port, plan, trace }) {
  let relay = null;
  const shape = (other) => (other === undefined ? ['--trace', trace] : ['--plan', other]);
  return {
    async start(other = plan) {
      const listen = `127.0.0.1:${port}`;
      const link = [...shape(other), '--latency-ms', String(LATENCY_MS)];
      relay = start(program, ['--to', to, '--listen', listen, ...link]);
      await until('the relay listens', () => {
        if (relay.child.exitCode !== null) throw new Error(`the relay ended: ${relay.output}`);
        return relay.output.includes('relaying on');
      });
    },
    /** What has come through to the listener, in the second that last ended. */
    carriedBytes: () => Number([...relay.output.matchAll(/carried (\d+) bytes/g)].at(-1)?.[1] ?? 0),
    /** Every connection breaks, and new ones are refused. */
    stop: () => (relay ? stop(relay, 'SIGKILL') : undefined),
  };
}

/** Lets no busy machine take qualities from the playlists. */
export const ignoreLoad = (world) =>
  world.ask('/api/audio/quick-sync/preferences/', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ adapt_to_system: false }),
  });
