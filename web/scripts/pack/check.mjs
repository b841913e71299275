// What is wrong with an unpacked package, as sentences; none if an adopter may have it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const PAPERS = ['README.md', 'LICENSE-APACHE', 'LICENSE-MIT', 'package.json'];
const UNWANTED = /\.(test|spec)\.|(^|\/)(testing|src|node_modules)\/|\.map$|\.tsx?$(?<!\.d\.ts)/;
const IMPORT = /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g;
const ASSET = /new URL\(\s*['"](\.[^'"]+)['"]\s*,\s*import\.meta\.url/g;

export function check(folder) {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return [
    ...PAPERS.filter((paper) => !names.includes(paper)).map((paper) => `${paper} is missing`),
    ...names
      .filter((name) => UNWANTED.test(name) && !name.startsWith('example/'))
      .map((name) => `${name} is nobody's business`),
    ...exportFaults(folder, about),
    ...names
      .filter((name) => name.startsWith('dist/') && /\.(js|d\.ts)$/.test(name))
      .flatMap((name) => importFaults(folder, name, about)),
  ];
}

/** Every condition leads to a file, types come first, and `default` last. */
function exportFaults(folder, { exports, private: hidden, scripts }) {
  const faults = [];
  if (hidden || scripts) faults.push('package.json has what only the repository needs');
  for (const [path, target] of Object.entries(exports)) {
    const conditions = typeof target === 'string' ? { default: target } : target;
    const order = Object.keys(conditions).join(' ');
    if (typeof target !== 'string' && order !== 'types default') {
      faults.push(`${path} has the conditions "${order}"`);
    }
    for (const file of Object.values(conditions)) {
      if (!existsSync(join(folder, file)))
        faults.push(`${path} leads to ${file}, which is missing`);
    }
  }
  return faults;
}

/** Relative imports lead to files of the package, others to what it says it depends on. */
function importFaults(folder, name, about) {
  const text = readFileSync(join(folder, name), 'utf8');
  const allowed = [
    about.name,
    ...Object.keys({ ...about.dependencies, ...about.peerDependencies }),
  ];
  const found = (pattern) => [...text.matchAll(pattern)].map(([, target]) => target);
  const faults = /sourceMappingURL/.test(text) ? [`${name} names a source map`] : [];
  for (const target of [...found(IMPORT), ...found(ASSET)]) {
    if (target.startsWith('.')) {
      if (!leads(join(folder, dirname(name), target), name)) {
        faults.push(`${name} imports ${target}, which is missing`);
      }
    } else if (!allowed.some((one) => target === one || target.startsWith(`${one}/`))) {
      faults.push(`${name} imports ${target}, on which the package does not depend`);
    }
  }
  return faults;
}

/** Declarations import the code whose types they have. */
const leads = (path, name) =>
  existsSync(path) || (name.endsWith('.d.ts') && existsSync(path.replace(/\.(js|tsx?)$/, '.d.ts')));
