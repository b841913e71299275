// Judges a player with our decisions inside: it fetches what the core wished for, as well as it
// wished, and nothing else; it follows the network; and it sounds as clean as ever.

/** The network: fast, a tenth of it, fast again. */
export const PLAN = '1500:15,140:40,1500:600';
export const LASTING_S = 80;

const PLAYED_S = LASTING_S - 12;

/** `loads`: requests for segments in order, as the browser sent them. */
export function judgeAdvised({ capture, errors, stalls, currentTime, wishes }, loads) {
  const flaws = capture.flaws.filter(({ frame }) => frame < capture.heard.last - 480);
  const wished = wishes.filter(({ type }) => type === 'fetch');
  const abandoned = wishes.filter(({ type }) => type === 'abandon').length;
  const named = ({ index, quality }) => `${index} ${quality}`;
  // The core may name the next one just before the report is taken.
  const followed = loads.every((load, n) => wished[n] && named(load) === named(wished[n]));
  const missed = wished.length - loads.length;
  const distinct = new Set(loads.map(({ index }) => index)).size;
  const high = ['high', 'ultra'];
  const isHigh = loads.map(({ quality }) => high.includes(quality));
  // 140 kbps carry medium; what the core makes of that is its own affair, but high it is not.
  const fell = isHigh.some((now, n) => n > 0 && isHigh[n - 1] && !now);
  const figures = {
    loads: `${loads.length} for ${distinct} segments, ${abandoned} abandoned`,
    order: loads.map(named).join(', '),
    clicks: flaws.filter(({ kind }) => kind === 'click').length,
    gaps: flaws.filter(({ kind }) => kind === 'gap').length,
    stalls,
    errors,
    played_s: currentTime.toFixed(1),
    ...(followed ? {} : { wished: wished.map(named).join(', ') }),
  };
  const ok =
    followed &&
    missed <= 1 &&
    loads.length - distinct <= abandoned &&
    fell &&
    isHigh.at(-1) &&
    flaws.filter(({ kind }) => kind === 'click').length === 0 &&
    errors.filter((text) => text.includes('fatal')).length === 0 &&
    currentTime > PLAYED_S;
  return { ok, figures };
}
