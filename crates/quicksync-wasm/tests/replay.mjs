// Runs logged sessions in WebAssembly: the log that comes out must be the log that went in.
// Arguments: the generated module, the folder of logs.

import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modulePath, folder] = process.argv.slice(2);
const core = await import(pathToFileURL(resolve(modulePath)).href);
core.initSync({ module: readFileSync(modulePath.replace(/\.js$/, '_bg.wasm')) });

/** Tells a new session everything that `log` was told, and gives its own log. */
function retell(log) {
  const [, config, track, ...lines] = log.trimEnd().split('\n');
  const session = new core.PlaybackSession(config, track);
  for (const line of lines) {
    if (line.startsWith('> ')) {
      const output = JSON.parse(session.poll());
      if (output.type !== line.split(' ')[1]) throw new Error(`${output.type} for: ${line}`);
    } else {
      const [, at] = line.split(' ', 2);
      session.handle(Number(at), line.slice(`< ${at} `.length));
    }
  }
  const retold = session.log();
  session.free();
  return retold;
}

let compared = 0;
const names = readdirSync(folder).filter((name) => name.endsWith('.log'));
for (const name of names) {
  const log = readFileSync(join(folder, name), 'utf8');
  const outputs = core.replay(log);
  if (retell(log) !== log) throw new Error(`${name}: the same inputs were logged differently`);
  const changed = log.replace(/^> fetch (\d+) (\d+) (\w+)/m, '> fetch $1 $2 best');
  let refused = false;
  try {
    core.replay(changed);
  } catch {
    refused = true;
  }
  if (!refused) throw new Error(`${name}: a changed decision went unnoticed`);
  console.log(`${name}: ${outputs} decisions, the same`);
  compared += outputs;
}
if (compared === 0) throw new Error(`no decisions in ${folder}`);
