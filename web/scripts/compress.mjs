// Puts a gzip copy beside every text file of a build, for the server to send where it may.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const folder = process.argv[2];
const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(js|css|svg|wasm)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));
for (const name of names) {
  writeFileSync(`${name}.gz`, gzipSync(readFileSync(name), { level: 9 }));
}
