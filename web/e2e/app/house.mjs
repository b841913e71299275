// A server that nobody has set up yet, with a few tones to play.

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { start, until } from '../playback/processes.mjs';
import { writeTones } from '../playback/tones.mjs';

/** What the steps need: the address, the secret of the set-up link, and whom to make of it. */
export async function openHouse(place, quicksync) {
  const [music, ready] = [join(place, 'music'), join(place, 'ready')];
  mkdirSync(music);
  writeTones(music);
  const server = start(quicksync, [
    ...['serve', '--music', music, '--data', join(place, 'data'), '--listen', '127.0.0.1:0'],
    ...['--probe-enabled', 'false', '--ready-file', ready],
  ]);
  await until('the server answers', () => {
    if (server.child.exitCode !== null) throw new Error(`the server ended: ${server.output}`);
    return existsSync(ready) && readFileSync(ready, 'utf8').includes(':');
  });
  const setup = await until('the set-up link', () => /\/setup#(\S+)/.exec(server.output)?.[1]);
  const url = `http://${readFileSync(ready, 'utf8').trim()}`;
  return { url, setup, server, name: 'ada', password: 'a long enough password' };
}
