import { describe, expect, it } from 'vitest';

import { DEFAULT_BUFFER, type Quality } from '../preferences.ts';
import { stage, type Stage } from '../testing/stage.ts';
import { Declaration } from './declaration.ts';

const BUFFER = { ...DEFAULT_BUFFER, buffer_size: 8, max_buffer_size: 12 };

class Connection extends EventTarget {
  type = 'wifi';
  saveData = false;
}

/** On a device that says its network, at a server with a rule for each. */
async function playing(caps: Readonly<Record<string, Quality>>, options = {}) {
  const connection = new Connection();
  const window = Object.assign(new EventTarget(), { navigator: { connection } });
  const set = stage([60], { buffer: BUFFER, scope: window as never, ...options });
  set.server.caps = caps;
  set.core.quality = 'ultra';
  set.player.load(set.queue, 0, { play: true });
  await set.clock.advance(2_000);
  return { ...set, connection, window };
}

const fetched = ({ server }: Stage, from: number) =>
  server.asked
    .slice(from)
    .flatMap(({ path }) => /\/(low|medium|high|ultra)\/\d+\.m4s/.exec(path)?.[1] ?? []);

describe('the rules of a listener', () => {
  it('bound what is fetched on each kind of network, as soon as it is another one', async () => {
    const set = await playing({ wifi: 'high', cellular: 'low' });
    const { clock, connection, player, server, core } = set;
    expect(server.paths('/status/')).toEqual([
      '/api/audio/quick-sync/status/?network_kind=wifi&save_data=false',
    ]);
    expect(player.state.cap).toBe('high');
    expect(new Set(fetched(set, 0))).toEqual(new Set(['high']));
    connection.type = 'cellular';
    connection.dispatchEvent(new Event('change'));
    await clock.advance(1_000);
    const from = server.asked.length;
    await clock.advance(12_000);
    expect(player.state.cap).toBe('low');
    expect(new Set(fetched(set, from))).toEqual(new Set(['low']));
    expect(core.of('network_changed').at(-1)).toMatchObject({ kind: 'cellular' });
  });

  it('hold for a listener who saves data, as the browser or the page says', async () => {
    const set = await playing({});
    const { clock, connection, player, server } = set;
    expect(player.state.cap).toBeNull();
    connection.saveData = true;
    connection.dispatchEvent(new Event('change'));
    await clock.advance(1_000);
    expect(player.state.cap).toBe('low');
    player.declareNetwork({ saveData: false, metered: true, kind: 'ethernet' });
    await clock.advance(1_000);
    expect(server.paths('/status/').at(-1)).toContain(
      'network_kind=ethernet&metered=true&save_data=false',
    );
    expect(player.state.cap).toBeNull();
  });

  it('hold in a manual mode, and for a quality for one track', async () => {
    const set = await playing({ wifi: 'medium' });
    set.player.setMode('ultra');
    set.player.overrideQuality('ultra');
    await set.clock.advance(12_000);
    expect(new Set(fetched(set, 0))).toEqual(new Set(['medium']));
  });

  it('come with every track, and what is left of a month with them', async () => {
    const set = stage([8, 8], { buffer: BUFFER });
    set.server.maxQuality = 'low';
    set.server.leftBytes = 5_000_000;
    set.player.load(set.queue, 0, { play: true });
    await set.clock.advance(2_000);
    expect(set.server.paths('/status/')).toEqual([]);
    expect(new Set(fetched(set, 0))).toEqual(new Set(['low']));
    expect(set.core.config?.limits).toMatchObject({ cap: 'low', budget: 5_000_000 });
    expect(set.server.paths('/a/manifest/')).toEqual(['/api/tracks/a/manifest/?ladder=all']);
  });

  it('are what the page brings, where the server is not asked', async () => {
    const set = await playing({});
    set.player.applyBounds({ maxQuality: 'medium', leftBytes: null });
    const from = set.server.asked.length;
    await set.clock.advance(12_000);
    expect(new Set(fetched(set, from))).toEqual(new Set(['medium']));
  });

  it('stay in force while the server cannot be asked', async () => {
    const { clock, connection, player, server } = await playing({ wifi: 'high' });
    server.down = true;
    connection.type = 'cellular';
    connection.dispatchEvent(new Event('change'));
    await clock.advance(2_000);
    expect(player.state.cap).toBe('high');
  });
});

it('an answer about the network before counts no more', async () => {
  const answers: ((cap: Quality) => void)[] = [];
  const request = () =>
    new Promise<Response>((resolve) => {
      answers.push((cap) => resolve(Response.json({ bounds: { max_quality: cap } })));
    });
  const heard: (Quality | null)[] = [];
  const declaration = new Declaration(
    { request, resolve: String },
    new EventTarget(),
    { kind: 'wifi' },
    { bounded: ({ maxQuality }) => heard.push(maxQuality) },
  );
  const first = declaration.say();
  declaration.give({ kind: 'cellular' });
  const second = declaration.say();
  answers[1]?.('low');
  answers[0]?.('ultra');
  await Promise.all([first, second]);
  expect(heard).toEqual(['low']);
});
