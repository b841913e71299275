// Makes the service worker of a build of the app: it knows which files that consists of, so that they
// are there without a network. Fonts of other scripts and code that few listeners need, like the second
// engine, are fetched when they are needed.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const PLACE = /(['"`])__BUILD__\1/;
const PAGE = 'index.html';
const LEFT_OUT = /(^sw\.js|\.gz|\.map|-(vietnamese|latin-ext)-.*\.woff2|\bhls[.-][^/]*\.js)$/;
/** Anything larger is not needed to open the app and play: it may be fetched later. */
const MOST_BYTES = 700_000;

const folder = process.argv[2];
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length))
  .filter((name) => !LEFT_OUT.test(name))
  .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }))
  .filter(({ bytes }) => bytes.length <= MOST_BYTES)
  .sort((a, b) => (a.name < b.name ? -1 : 1));

const hash = createHash('sha256');
for (const { name, bytes } of files) hash.update(name).update(bytes);
const content = {
  version: hash.digest('hex').slice(0, 16),
  files: files.map(({ name }) => (name === PAGE ? '' : name)),
};

/** A classic script in one piece: what every browser takes for a service worker. */
const { output } = (
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      lib: { entry: 'src/pwa/worker.ts', formats: ['iife'], name: 'worker' },
    },
  })
).at(0);
const { code } = output[0];
if (!PLACE.test(code)) throw new Error('the worker has no place for the list of files');
const worker = code.replace(PLACE, () => JSON.stringify(content));
writeFileSync(join(folder, 'sw.js'), worker);
const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
console.log(`${files.length} files, ${(total / 1024).toFixed(0)} kB, are kept for times offline`);
