// Packs what other people install: `node scripts/pack.mjs FOLDER` builds the packages, writes their
// tarballs, and refuses what an adopter would stumble over. Prints one line for each.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check } from './pack/check.mjs';
import { npm, stage, unpack } from './pack/stage.mjs';

export const NAMES = ['player', 'plugins', 'react'];
const WEB = fileURLToPath(new URL('..', import.meta.url));

/** The tarballs by package name. */
export function pack(folder) {
  const place = mkdtempSync(join(tmpdir(), 'quicksync-pack-'));
  mkdirSync(folder, { recursive: true });
  try {
    return Object.fromEntries(
      NAMES.map((name) => [`@quicksync/${name}`, packOne(name, place, folder)]),
    );
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function packOne(name, place, folder) {
  npm(['run', 'build', '--silent', '-w', `packages/${name}`], WEB);
  const staged = stage(join(WEB, 'packages', name), join(place, name));
  const [{ filename, size, unpackedSize, entryCount }] = JSON.parse(
    npm(['pack', '--json', '--pack-destination', resolve(folder)], staged),
  );
  const tarball = join(resolve(folder), filename.replace('@quicksync/', 'quicksync-'));
  const faults = check(unpack(tarball, join(place, `${name}-unpacked`)));
  if (faults.length > 0) throw new Error(`${tarball}:\n  ${faults.join('\n  ')}`);
  const kb = (bytes) => `${(bytes / 1024).toFixed(1)} kB`;
  console.log(`@quicksync/${name}: ${kb(size)} packed, ${kb(unpackedSize)}, ${entryCount} files`);
  return tarball;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv[2]) {
    console.error('usage: node scripts/pack.mjs FOLDER');
    process.exit(2);
  }
  pack(process.argv[2]);
}
