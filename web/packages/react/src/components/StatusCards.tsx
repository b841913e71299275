import type { QuickSyncStatus } from '../types.ts';
import { StatusIndicator } from './StatusIndicator.tsx';
import type { Tone } from './words/types.ts';
import { useWords } from './words/words.ts';

type Network = QuickSyncStatus['network']['status'];
type System = QuickSyncStatus['system']['status'];

const NETWORK: Readonly<Record<Network, Tone>> = {
  excellent: 'good',
  good: 'good',
  fair: 'fair',
  poor: 'poor',
};
const SYSTEM: Readonly<Record<System, Tone>> = {
  low_load: 'good',
  moderate_load: 'fair',
  high_load: 'poor',
};

/** Network, system and quality as they are now. */
export function StatusCards({ status }: { status: QuickSyncStatus }) {
  const { network, system, quality } = status;
  const words = useWords();
  return (
    <div className="qss-cards">
      <section className="qss-card" aria-label={words.network}>
        <h2 className="qss-heading">{words.network}</h2>
        <p className="qss-figure">{words.mbps(network.speed_mbps)}</p>
        <StatusIndicator tone={NETWORK[network.status]}>
          {words.networks[network.status]}
        </StatusIndicator>
        {network.source && <p className="qss-quiet">{words.sources[network.source]}</p>}
      </section>
      <section className="qss-card" aria-label={words.system}>
        <h2 className="qss-heading">{words.system}</h2>
        <p className="qss-figure">{words.cpu(system.cpu_percent)}</p>
        <StatusIndicator tone={SYSTEM[system.status]}>
          {words.systems[system.status]}
        </StatusIndicator>
        <p className="qss-quiet">{words.memory(system.memory_percent)}</p>
      </section>
      <section className="qss-card" aria-label={words.quality}>
        <h2 className="qss-heading">{words.quality}</h2>
        <p className="qss-figure">
          {words.modes[quality.level].name}{' '}
          <span className="qss-quiet">{words.kbps(quality.bitrate)}</span>
        </p>
        <p className="qss-quiet">
          {quality.auto_selected ? words.chosenForYou : words.chosenByYou}
        </p>
        <p className="qss-quiet">
          {quality.reason ? words.reason(quality.reason) : quality.description}
        </p>
      </section>
    </div>
  );
}
