// A minimal React app as somebody else would have it: a folder outside this repository, our packed
// packages installed with npm, types checked, built with Vite.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { npm } from '../../scripts/pack/stage.mjs';

const WEB = fileURLToPath(new URL('../../', import.meta.url));
const PAGE = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>An adopter</title><link rel="icon" href="data:," /></head>
  <body><div id="root"></div><script type="module" src="/main.tsx"></script></body>
</html>
`;
const TYPES = {
  compilerOptions: {
    ...{ target: 'es2022', module: 'esnext', moduleResolution: 'bundler', jsx: 'react-jsx' },
    ...{ lib: ['ES2023', 'DOM', 'DOM.Iterable'], strict: true, noEmit: true, types: [] },
    // What an adopter compiles with includes our declarations.
    skipLibCheck: false,
  },
  include: ['main.tsx'],
};

const versionOf = (name) =>
  JSON.parse(readFileSync(join(WEB, 'node_modules', name, 'package.json'), 'utf8')).version;

/** Installs, checks and builds; where the built app is. */
export async function buildApp(folder, tarballs) {
  mkdirSync(folder, { recursive: true });
  const exact = (names) => Object.fromEntries(names.map((name) => [name, versionOf(name)]));
  const files = Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]);
  const about = {
    ...{ name: 'adopter', version: '1.0.0', private: true, type: 'module' },
    dependencies: { ...exact(['react', 'react-dom']), ...Object.fromEntries(files) },
    devDependencies: exact(['@types/react', '@types/react-dom']),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(about));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TYPES));
  writeFileSync(join(folder, 'index.html'), PAGE);
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--silent'], folder);
  cpSync(join(folder, 'node_modules/@quicksync/react/example/main.tsx'), join(folder, 'main.tsx'));
  execFileSync(join(WEB, 'node_modules/.bin/tsc'), ['-p', folder], { stdio: 'inherit' });
  importInNode(folder);
  await build({
    root: folder,
    logLevel: 'warn',
    build: { target: 'es2022', chunkSizeWarningLimit: 800 },
  });
  return join(folder, 'dist');
}

/** Every entry can be imported where there is no browser, with whatever conditions Node has. */
function importInNode(folder) {
  const entries = ['player', 'react', 'plugins'].flatMap((name) => {
    const about = join(folder, 'node_modules/@quicksync', name, 'package.json');
    const paths = Object.keys(JSON.parse(readFileSync(about, 'utf8')).exports);
    return paths
      .filter((path) => !path.endsWith('.json'))
      .map((path) => `@quicksync/${name}${path.slice(1)}`);
  });
  const script = entries.map((entry) => `await import('${entry}');`).join('\n');
  writeFileSync(join(folder, 'entries.mjs'), script);
  for (const condition of ['browser', 'production', 'development']) {
    execFileSync('node', ['--conditions', condition, 'entries.mjs'], {
      cwd: folder,
      stdio: 'inherit',
    });
  }
}
