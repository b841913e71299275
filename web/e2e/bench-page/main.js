// Plays one track with one player over whatever network lies before the server, and keeps what a
// listener would notice: where the sound is, what rate is heard, and what its samples are.

import { capture } from '../playback-page/capture.ts';
import { heardAt, tapSourceBuffers } from '../playback-page/tap.ts';
import { ENGINES } from './engines.js';

const LOOK_MS = 50;
/** The end of a track may lie this much before its length: the last packet is cut short. */
const END_S = 0.1;

const appended = tapSourceBuffers();

async function play(engine, setup) {
  const element = new Audio();
  const [moments, errors] = [[], []];
  const listen = await capture(element);
  const player = await ENGINES[engine](element, setup, (text) => errors.push(text));
  const pressed = performance.now();
  const since = () => (performance.now() - pressed) / 1e3;
  player.press();
  await new Promise((resolve) => {
    const looking = setInterval(() => {
      const position = element.currentTime;
      moments.push({ t: since(), position, heard: heardAt(appended, position) });
      const over = element.ended || position >= setup.durationS - END_S;
      if (!over && since() < setup.deadlineS) return;
      clearInterval(looking);
      resolve();
    }, LOOK_MS);
  });
  return { moments, errors, capture: listen(), log: player.log?.() ?? null };
}

Object.assign(globalThis, { play });
