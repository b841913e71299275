import type { QuickSyncStatus } from '../types.ts';
import { inSeconds, PRELOAD } from './words.ts';

/** The buffer in force. */
export function BufferInfo({ buffer }: { buffer: QuickSyncStatus['buffer'] }) {
  const rows = [
    ['Target', inSeconds(buffer.buffer_size)],
    ['Maximum', inSeconds(buffer.max_buffer_size)],
    ['Low mark', inSeconds(buffer.rebuffer_threshold)],
    ['Before play', PRELOAD[buffer.preload] ?? buffer.preload],
  ];
  return (
    <section className="qss-section" aria-label="Buffer">
      <h3 className="qss-heading">Buffer</h3>
      <dl className="qss-list">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
