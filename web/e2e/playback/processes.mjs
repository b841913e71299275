// Starts the programs under test and ends them again.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

const running = new Set();

/** A program that stays; `output` is what it has said so far. */
export function start(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const process = { child, output: '' };
  running.add(process);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (process.output += text));
  }
  child.on('error', (error) => (process.output += String(error)));
  child.on('exit', () => running.delete(process));
  return process;
}

export async function stop(process, signal = 'SIGTERM') {
  if (!running.has(process)) return;
  const gone = once(process.child, 'exit');
  process.child.kill(signal);
  await gone;
}

export const stopAll = () => Promise.all([...running].map((process) => stop(process, 'SIGKILL')));

/** Runs a program to its end; rejects with what it said if it fails. */
export async function run(program, args, input = '') {
  const child = spawn(program, args);
  const said = { out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (said.error += text));
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${said.error}`);
  return said.out;
}

/** Below the ports that systems give to outgoing connections, one of which could take it meanwhile. */
const PORTS = { first: 10_000, count: 20_000 };

/** A port that nothing listens on now. */
export async function freePort() {
  for (;;) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
    const server = createServer();
    const [happened] = await Promise.race([
      once(server, 'error').then(() => ['taken']),
      once(server.listen(port, '127.0.0.1'), 'listening').then(() => ['free']),
    ]);
    if (happened === 'taken') continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

export const pause = (ms) => new Promise((resolve) => void setTimeout(resolve, ms));

/** What `look` answers, as soon as that is something; looks again and again until then. */
export async function until(what, look, deadlineMs = 60_000) {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${deadlineMs / 1e3} s in vain: ${what}`);
    await pause(50);
  }
}
