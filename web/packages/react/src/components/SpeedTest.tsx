import type { QuickSyncTestResult } from '../types.ts';
import type { PanelWords } from './words/types.ts';
import { useWords } from './words/words.ts';

interface Props {
  readonly busy: boolean;
  readonly result: QuickSyncTestResult | null;
  readonly onRun: () => void;
}

/** The listener's own test, and what it found. */
export function SpeedTest({ busy, result, onRun }: Props) {
  const words = useWords();
  return (
    <section className="qss-section" aria-label={words.speedTest}>
      <h2 className="qss-heading">{words.speedTest}</h2>
      <div className="qss-row">
        <button type="button" className="qss-button" disabled={busy} onClick={onRun}>
          {busy ? words.testing : words.runTest}
        </button>
        <output className="qss-quiet">{result && !busy ? found(result, words) : ''}</output>
      </div>
    </section>
  );
}

function found(result: QuickSyncTestResult, words: PanelWords): string {
  const { network_speed_mbps: mbps, recommended_quality: quality, source } = result;
  if (source === 'fallback') return words.notMeasured;
  return words.tested(mbps, quality);
}
