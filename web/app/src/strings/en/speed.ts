// Speed tests, what they found before, and the load of the server.

const causes: Readonly<Record<string, string>> = {
  cpu: 'its processor',
  memory: 'its memory',
  cpu_pressure: 'tasks that wait for its processor',
  memory_pressure: 'tasks that wait for memory',
  encode_queue: 'music that waits to be encoded',
};
const number = (value: number) => (value >= 100 ? Math.round(value) : Number(value.toFixed(1)));

export const speed = {
  listener: 'Speed test',
  listenerAbout:
    'Downloads from this server to this device for six seconds, up to 24 MB, as music would come. ' +
    'The server believes it more than anything but playback itself.',
  start: 'Run the test',
  stop: 'Stop',
  running: 'Testing',
  mbps: (value: number) => `${value < 1 ? Number(value.toFixed(2)) : number(value)} Mbps`,
  found: (mbps: number, size: string) => `${number(mbps)} Mbps, from ${size}. The server knows.`,
  past: 'What was measured here',
  pastAbout: 'Of this device’s network: each transfer that playback or a test timed.',
  noPast: 'Nothing yet: run the test above, or play something.',
  pastLabel: (count: number, since: string) => `${count} measurements since ${since}`,
  asTable: 'As a table',
  sources: {
    playback: 'playback',
    listener_probe: 'speed test',
    connection: 'the connection itself',
    server_probe: 'the server’s own test',
  } as Readonly<Record<string, string>>,
  server: 'The server’s own connection',
  serverAbout:
    'What the server downloads from the targets its administrator configured. It says how well ' +
    'the server is connected, and little of how well you are.',
  testServer: 'Test the server’s connection',
  testing: 'Testing',
  noTargets: 'No targets are configured, or the server’s own tests are turned off.',
  allFailed: 'Every target failed.',
  failed: 'failed',
  pastOf: (values: string) => `Before, oldest first: ${values}`,
  load: 'Load of the server, live',
  loadAbout: 'With “Adapt to system” on, a busy server plays a step lower until it is free again.',
  loadStatus: (status: string, cause: string | null, lowers: boolean) => {
    if (status === 'low_load') return 'Low load: nothing is lowered.';
    const by = cause ? `, by ${causes[cause] ?? cause}` : '';
    if (status !== 'high_load') return `Moderate load${by}: nothing is lowered.`;
    return lowers
      ? `High load${by}: quality is a step lower.`
      : `High load${by}: it lowers nothing, as you chose.`;
  },
  loads: {
    cpu: 'Processor',
    memory: 'Memory',
    cpu_pressure: 'Tasks waiting for the processor',
    memory_pressure: 'Tasks waiting for memory',
  },
  percentOf: (percent: number, high: number) =>
    `${percent.toFixed(0)}\u00a0%, high above ${high}\u00a0%`,
  background: (percent: number) =>
    `The server’s own work in the background, such as reading new music, takes ${percent.toFixed(0)} % ` +
    'of the processor and gives way to listeners.',
  rest: (waiting: number, memory: string, disk: number) =>
    `${waiting} segments wait to be encoded, ${memory} of memory to spare, disk ${disk.toFixed(0)} % full`,
};
