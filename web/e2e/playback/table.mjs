// Shows what came out, for people.

const seconds = (value) => `${value.toFixed(1)} s`;

const heard = (runs) =>
  runs
    .map(({ kbps, from, until }) => `${kbps} (${from.toFixed(0)}-${until.toFixed(0)} s)`)
    .join(', ');

function rows({ figures, replayed, shown }) {
  if (!figures) return shown;
  const { firstSound, sounded, stalls, standstills, clicks, gaps, worst } = figures;
  return [
    ['heard, kbps', heard(figures.heard)],
    ['first sound after', firstSound === null ? 'never' : seconds(firstSound)],
    ['sound', seconds(sounded)],
    ['stalls, standstills', `${stalls}, ${standstills.length}`],
    ['clicks, gaps', `${clicks.length}, ${gaps.length}`],
    ['worst departure from the tone', worst.toFixed(5)],
    ['segments fetched, again', `${figures.requests}, ${figures.again}`],
    ['replay', replayed ?? 'none'],
    ...shown,
  ];
}

/** One scenario as text; `true` first if it is as it should be. */
export function show(outcome) {
  const failed = outcome.results.filter(({ ok }) => !ok);
  const lines = [`${failed.length === 0 ? 'ok  ' : 'FAIL'} ${outcome.name}`];
  for (const [what, value] of rows(outcome)) lines.push(`       ${what.padEnd(30)} ${value}`);
  for (const { what, got } of failed) lines.push(`  FAILED ${what}: ${JSON.stringify(got)}`);
  if (failed.length > 0) {
    lines.push('  console of the page:', ...outcome.said.slice(-40).map((line) => `    ${line}`));
    lines.push('  the server:', ...tail(outcome.server).map((line) => `    ${line}`));
  }
  return { ok: failed.length === 0, text: lines.join('\n') };
}

const tail = (text = '') => text.trim().split('\n').slice(-10);
