import type { QuickSyncTestResult } from '../types.ts';

interface Props {
  readonly busy: boolean;
  readonly result: QuickSyncTestResult | null;
  readonly onRun: () => void;
}

/** The listener's own test, and what it found. */
export function SpeedTest({ busy, result, onRun }: Props) {
  return (
    <section className="qss-section" aria-label="Speed test">
      <h3 className="qss-heading">Speed test</h3>
      <div className="qss-row">
        <button type="button" className="qss-button" disabled={busy} onClick={onRun}>
          {busy ? 'Testing…' : 'Run speed test'}
        </button>
        <output className="qss-quiet">{result && !busy ? found(result) : ''}</output>
      </div>
    </section>
  );
}

function found(result: QuickSyncTestResult): string {
  const { network_speed_mbps: mbps, recommended_quality: quality, source } = result;
  if (source === 'fallback') return 'Nothing could be measured; 2.0 Mbps is assumed.';
  return `${mbps.toFixed(1)} Mbps: ${quality} recommended.`;
}
