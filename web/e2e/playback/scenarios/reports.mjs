// What the server hears of playback from our player.

import { figures } from '../figures.mjs';
import { pause, until } from '../processes.mjs';

const LISTENED_S = 12;

const session = {
  name: 'a playback session at the server',
  plan: '3000:600',
  async play({ world, listener, checks }) {
    await listener.start(world, ['Long']);
    await listener.reaches('it plays', ({ position }) => position > LISTENED_S, 60_000);
    const report = await listener.report();
    await listener.leave();
    await pause(200);
    const ended = await until('the session has ended', async () => {
      const { results } = await (await world.ask('/api/audio/quick-sync/sessions/')).json();
      return results.find(({ ended_at: at }) => at);
    });
    const heard = Object.values(ended.heard_s).reduce((sum, s) => sum + s, 0);
    checks.check('it has a quality of experience', ended.qoe > 0 && ended.qoe <= 1, ended);
    checks.check('what was heard is told', Math.abs(heard - LISTENED_S) < 2, ended.heard_s);
    checks.check('and when sound began', ended.startup_ms > 0, ended.startup_ms);
    checks.check('and what was fetched', ended.bytes > 100_000, ended.bytes);
    checks.check('of this track', ended.track_id === world.tracks['Long'].id, ended.track_id);
    const path = `/api/audio/quick-sync/sessions/${ended.id}/`;
    const { events, decision_log: log } = await (await world.ask(path)).json();
    const types = events.map(({ type }) => type);
    checks.check('it ends once', types.filter((type) => type === 'end').length === 1, types);
    checks.check(
      "the decision log is the page's",
      log && report.log.startsWith(log.slice(0, 5_000)),
    );
    checks.unbroken(figures(report));
    return report;
  },
};

export const reports = [session];
