import type { QuickSyncStatus } from '../types.ts';
import { StatusIndicator } from './StatusIndicator.tsx';
import { NETWORK, SOURCE, SYSTEM } from './words.ts';

/** Network, system and quality as they are now. */
export function StatusCards({ status }: { status: QuickSyncStatus }) {
  const { network, system, quality } = status;
  const [networkWords, networkTone] = NETWORK[network.status];
  const [systemWords, systemTone] = SYSTEM[system.status];
  return (
    <div className="qss-cards">
      <section className="qss-card" aria-label="Network">
        <h3 className="qss-heading">Network</h3>
        <p className="qss-figure">{network.speed_mbps.toFixed(1)} Mbps</p>
        <StatusIndicator tone={networkTone}>{networkWords}</StatusIndicator>
        {network.source && <p className="qss-quiet">{SOURCE[network.source]}</p>}
      </section>
      <section className="qss-card" aria-label="System">
        <h3 className="qss-heading">System</h3>
        <p className="qss-figure">CPU {Math.round(system.cpu_percent)} %</p>
        <StatusIndicator tone={systemTone}>{systemWords}</StatusIndicator>
        <p className="qss-quiet">Memory {Math.round(system.memory_percent)} %</p>
      </section>
      <section className="qss-card" aria-label="Quality">
        <h3 className="qss-heading">Quality</h3>
        <p className="qss-figure">
          {quality.level} <span className="qss-quiet">{quality.bitrate} kbps</span>
        </p>
        <p className="qss-quiet">{quality.auto_selected ? 'Chosen for you' : 'Chosen by you'}</p>
        <p className="qss-quiet">{quality.reason ?? quality.description}</p>
      </section>
    </div>
  );
}
