// Puts a package together as it is published: what was built, its papers, and a `package.json`
// without what only this repository has use for.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PAPERS = ['LICENSE-APACHE', 'LICENSE-MIT'];
/** Where an example of a package is, if it has one. */
const EXAMPLE = 'src/example/app/main.tsx';
/** Only here do sources stand beside what is built of them. */
const SOURCE = 'quicksync-source';

export const npm = (args, cwd) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

export function stage(from, to) {
  mkdirSync(to, { recursive: true });
  cpSync(join(from, 'dist'), join(to, 'dist'), { recursive: true });
  cpSync(join(from, 'README.md'), join(to, 'README.md'));
  for (const paper of PAPERS) cpSync(join(ROOT, paper), join(to, paper));
  const example = existsSync(join(from, EXAMPLE));
  if (example) cpSync(join(from, EXAMPLE), join(to, 'example/main.tsx'));
  const about = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  writeFileSync(
    join(to, 'package.json'),
    `${JSON.stringify(published(about, example), null, 2)}\n`,
  );
  return to;
}

/** What only the repository needs. */
const OWN = ['private', 'scripts', 'devDependencies'];

function published(kept, example) {
  const about = Object.fromEntries(Object.entries(kept).filter(([name]) => !OWN.includes(name)));
  const without = (target) =>
    typeof target === 'string'
      ? target
      : Object.fromEntries(Object.entries(target).filter(([condition]) => condition !== SOURCE));
  const exports = Object.fromEntries(
    Object.entries(about.exports).map(([path, target]) => [path, without(target)]),
  );
  return { ...about, files: ['dist', ...PAPERS, ...(example ? ['example'] : [])], exports };
}

/** The files of a tarball, as an adopter gets them. */
export function unpack(tarball, to) {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', to]);
  return join(to, 'package');
}
