// A listener in a network namespace of their own, behind a link that tc holds to a rate.

import { execFile } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { promisify } from 'node:util';
import { start, stop, until } from '../playback/processes.mjs';

const OWN = readlinkSync('/proc/self/ns/net');
const run = promisify(execFile);
const words = (text) => text.split(' ');

/** The server's side of the link is `192.168.<number>.1`. */
export async function shapedListener(number, kbps) {
  const holder = start('unshare', ['--net', 'sleep', '600']);
  const { pid } = holder.child;
  await until('the namespace is there', () => {
    try {
      return readlinkSync(`/proc/${pid}/ns/net`) !== OWN;
    } catch {
      return false;
    }
  });
  const [ours, theirs] = [`qs${number}`, `qt${number}`];
  const inside = ['-t', String(pid), '-n'];
  const ip = (text) => run('ip', words(text));
  const ipInside = (text) => run('nsenter', [...inside, 'ip', ...words(text)]);
  const shape = (verb, rate) =>
    run(
      'tc',
      words(`qdisc ${verb} dev ${ours} root tbf rate ${rate}kbit burst 3000 latency 400ms`),
    );
  await ip(`link add ${ours} type veth peer name ${theirs}`);
  await ip(`link set ${theirs} netns ${pid}`);
  await ip(`addr add 192.168.${number}.1/24 dev ${ours}`);
  await ip(`link set ${ours} up`);
  await ipInside('link set lo up');
  await ipInside(`addr add 192.168.${number}.2/24 dev ${theirs}`);
  await ipInside(`link set ${theirs} up`);
  await shape('add', kbps);
  return {
    address: `192.168.${number}.1`,
    /** Arguments of `nsenter` that run a program where the listener is. */
    inside,
    /** Another rate from now on. */
    change: (rate) => shape('change', rate),
    close: () => stop(holder, 'SIGKILL'),
  };
}
