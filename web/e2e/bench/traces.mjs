// Which networks are played over, and how fast they are made.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Families of which the first trace is played: a tram, a train, and a good link with tunnels. */
const FAMILIES = ['hsdpa_tram', 'hsdpa_train', 'synthetic_tunnel'];
const MEAN_KBPS = 400;

/** One trace of each family, scaled to the mean, as files in `place`. */
export function scaledTraces(folder, place) {
  return FAMILIES.map((family) => {
    const file = readdirSync(join(folder, family))
      .filter((name) => name.endsWith('.csv'))
      .sort()[0];
    const name = `${family}/${basename(file, '.csv')}`;
    const path = join(place, `${name.replace('/', '-')}.csv`);
    writeFileSync(path, scale(readFileSync(join(folder, family, file), 'utf8')));
    return { name, path };
  });
}

function scale(text) {
  const [head, ...lines] = text.trim().split('\n');
  const rows = lines.map((line) => line.split(',').map(Number));
  const [ms, bits] = rows.reduce(([t, b], [d, kbps]) => [t + d, b + d * kbps], [0, 0]);
  const factor = MEAN_KBPS / (bits / ms);
  const scaled = rows.map(([d, kbps, latency]) => `${d},${(kbps * factor).toFixed(3)},${latency}`);
  return `${[head, ...scaled].join('\n')}\n`;
}
