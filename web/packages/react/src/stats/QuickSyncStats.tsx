// Figures of a playback: network, buffer, quality, and what the core decided last.

import type { Player, PlayerState } from '@quicksync/player';

import { LanguageContext, usePlayer, usePlayerWords } from '../player/playerContext.ts';
import { PLAYER_CSS } from '../player/styles.ts';
import { usePlayerState } from '../player/usePlayerState.ts';
import type { PlayerLanguage } from '../player/words.ts';
import { useStyles } from '../styles/useStyles.ts';
import { Chart } from './Chart.tsx';
import { useHistory, type History } from './history.ts';

export interface QuickSyncStatsProps {
  /** Default the player of the `QuickSyncPlayer` around it. */
  readonly player?: Player;
  /** Default as around it. */
  readonly language?: PlayerLanguage;
}

/** The rates of music are always in sight; a fast network goes off the top. */
const LEAST_KBPS = 400;
const MOST_KBPS = 2_000;

const throughput = (state: PlayerState) => state.throughput;
const estimate = (state: PlayerState) => state.estimate;
const stalls = (state: PlayerState) => state.stalls;
const depth = (state: PlayerState) => state.reach;

export function QuickSyncStats({ player, language }: QuickSyncStatsProps) {
  useStyles(PLAYER_CSS);
  const around = usePlayer();
  const figures = <Figures player={player ?? around} />;
  if (!language) return figures;
  return <LanguageContext.Provider value={language}>{figures}</LanguageContext.Provider>;
}

function Figures({ player }: { player: Player | null }) {
  const words = usePlayerWords();
  const history = useHistory(player);
  const measured = usePlayerState(player, throughput);
  const expected = usePlayerState(player, estimate);
  const { count, total } = usePlayerState(player, stalls);
  const latest = history.samples.at(-1);
  const rate = (value: number | null | undefined) => (value ? words.kbps(value) : '–');
  const rows = [
    [words.throughput, rate(measured)],
    [words.expected, rate(expected?.expectedKbps)],
    [words.buffered, words.seconds(latest?.ahead_s ?? 0)],
    [words.stalls, `${count} · ${words.seconds(total)}`],
  ];
  return (
    <section className="qsp-stats" aria-label={words.stats}>
      <dl className="qsp-figures">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Charts player={player} history={history} />
      <h3 className="qsp-heading">{words.decisions}</h3>
      {history.decisions.length === 0 && <p className="qsp-legend">{words.none}</p>}
      <ol className="qsp-decisions">
        {history.decisions.map(({ key, reason }) => (
          <li key={key}>{words.reason(reason)}.</li>
        ))}
      </ol>
    </section>
  );
}

function Charts({ player, history }: { player: Player | null; history: History }) {
  const words = usePlayerWords();
  const most_s = usePlayerState(player, depth);
  const { samples } = history;
  const latest = samples.at(-1);
  const peak = Math.max(LEAST_KBPS, ...samples.map((one) => one.throughput_kbps ?? 0));
  const of = (pick: (sample: (typeof samples)[number]) => number | null) =>
    samples.map((sample) => ({ at_s: sample.at_s, value: pick(sample) }));
  const now = latest?.quality_kbps ? words.kbps(latest.quality_kbps) : words.none;
  return (
    <>
      <h3 className="qsp-heading">{words.rates}</h3>
      <Chart
        label={words.chart(words.rates, now)}
        most={Math.min(peak, MOST_KBPS)}
        lines={[
          { points: of((one) => one.throughput_kbps) },
          { points: of((one) => one.quality_kbps), steps: true },
        ]}
      />
      <h3 className="qsp-heading">{words.buffer}</h3>
      <Chart
        label={words.chart(words.buffer, words.seconds(latest?.ahead_s ?? 0))}
        most={most_s}
        lines={[{ points: of((one) => one.ahead_s) }]}
      />
    </>
  );
}
