// Players that fetch over a shaped link. Each plays for a while and says what it met, and as which
// device where it has a name for that.

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { openListener } from '../playback/listener.mjs';
import { start, stop } from '../playback/processes.mjs';

/** Over HLS, fetching the next segment on a second connection beside the first. */
export async function playMpv({ link, ask, track, lasting }) {
  const { hls_url: url } = await ask(`/api/tracks/${track.id}/manifest/?ladder=all`);
  const quiet = ['--no-config', '--ao=null', '--no-video', '--really-quiet'];
  const mpv = start('nsenter', [...link.inside, 'mpv', ...quiet, url]);
  await lasting();
  const said = mpv.output;
  await stop(mpv);
  return { said };
}

/** Our own, in a browser that lives where the listener is. */
export async function playOurs(how) {
  const { link, base, token, track, pageOrigin, place, program, lasting } = how;
  const wrapper = join(place, `browser-${link.address}`);
  const enter = `exec nsenter ${link.inside.join(' ')} ${program} "$@"`;
  writeFileSync(wrapper, `#!/bin/sh\n${enter}\n`);
  chmodSync(wrapper, 0o755);
  // A page without TLS gets its audio worklet only where it is told to be trusted.
  const trusted = `--unsafely-treat-insecure-origin-as-secure=${pageOrigin}`;
  const args = ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', trusted];
  const browser = await chromium.launch({ executablePath: wrapper, headless: true, args });
  try {
    const listener = await openListener(browser, pageOrigin);
    await listener.start({ base, token, tracks: { [track.title]: track } }, [track.title]);
    await lasting();
    const { status, position } = await listener.state();
    return { device: await listener.device(), status, position, said: listener.said };
  } finally {
    await browser.close();
  }
}
