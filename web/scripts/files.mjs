// The house's sizes: no file over 300 lines, half of them at most 80.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LONGEST = 300;
const MEDIAN = 80;
const SKIPPED = new Set(['node_modules', 'dist', 'wasm', 'public']);
const SOURCE = /\.(ts|tsx|mjs|css)$/;
const GENERATED = /schema\.d\.ts$|routeTree\.gen\.ts$/;

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) yield* sources(path);
    } else if (SOURCE.test(entry.name) && !GENERATED.test(entry.name)) yield path;
  }
}

const lengths = [...sources('.')].map((path) => ({
  path,
  lines: readFileSync(path, 'utf8').split('\n').length - 1,
}));
lengths.sort((a, b) => a.lines - b.lines);
const median = lengths[Math.floor(lengths.length / 2)]?.lines ?? 0;
const long = lengths.filter(({ lines }) => lines > LONGEST);
console.log(`${lengths.length} files, median ${median} lines, longest ${lengths.at(-1)?.lines}`);
for (const { path, lines } of long) console.error(`${path}: ${lines} lines, at most ${LONGEST}`);
if (median > MEDIAN) console.error(`the median file has ${median} lines, at most ${MEDIAN}`);
if (long.length > 0 || median > MEDIAN) process.exit(1);
