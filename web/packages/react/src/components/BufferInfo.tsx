import type { QuickSyncStatus } from '../types.ts';
import { useWords } from './words/words.ts';

/** The buffer in force. */
export function BufferInfo({ buffer }: { buffer: QuickSyncStatus['buffer'] }) {
  const words = useWords();
  const rows = [
    [words.target, words.seconds(buffer.buffer_size)],
    [words.maximum, words.seconds(buffer.max_buffer_size)],
    [words.lowMark, words.seconds(buffer.rebuffer_threshold)],
    [words.beforePlay, words.preloads[buffer.preload] ?? buffer.preload],
  ];
  return (
    <section className="qss-section" aria-label={words.buffer}>
      <h2 className="qss-heading">{words.buffer}</h2>
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
