// Plays one scenario from beginning to end and keeps what it showed.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createChecks } from './check.mjs';
import { figures } from './figures.mjs';
import { openListener } from './listener.mjs';
import { pause, run } from './processes.mjs';
import { openWorld } from './world.mjs';

const slug = (name) => name.replace(/\W+/g, '-');

/**
 * `before` of a scenario runs in its page, `alone` gives it a browser of its own, and `decides` is false
 * where our core decides nothing.
 */
export async function playScenario(scenario, { browser, launch, ...stage }) {
  const { programs, library, place, origin } = stage;
  const { name, plan } = scenario;
  const checks = createChecks();
  const outcome = { name, results: checks.results, shown: checks.shown, figures: null, said: [] };
  let world = null;
  let listener = null;
  let own = null;
  try {
    own = scenario.alone ? await launch() : null;
    world = await openWorld({ programs, library, place, name, plan, pageOrigin: origin });
    listener = await openListener(own?.browser ?? browser, origin, scenario.before);
    const from = Date.now();
    const pauseUntil = (seconds) => pause(from + seconds * 1e3 - Date.now());
    const report = await scenario.play({ world, listener, checks, pauseUntil, own });
    outcome.figures = figures(report);
    writeFileSync(join(place, `${slug(name)}.json`), JSON.stringify(report));
    if (scenario.decides !== false) {
      outcome.replayed = await replay(programs, join(place, `${slug(name)}.log`), report.log);
      checks.check('the decisions replay', true, outcome.replayed);
    }
  } catch (error) {
    checks.check('the scenario plays to its end', false, String(error?.stack ?? error));
    await keep(listener, place, name);
  }
  outcome.said = listener?.said ?? [];
  outcome.server = world?.server.output ?? '';
  await listener?.close().catch(() => undefined);
  await own?.close();
  await world?.close();
  return outcome;
}

/** The native core decides the same, byte for byte. */
async function replay(programs, path, log) {
  writeFileSync(path, log);
  return (await run(programs.quicksync, ['replay', path])).trim();
}

async function keep(listener, place, name) {
  const report = await listener?.report().catch(() => null);
  if (!report) return;
  writeFileSync(join(place, `${slug(name)}.json`), JSON.stringify(report));
  writeFileSync(join(place, `${slug(name)}.log`), report.log);
}
