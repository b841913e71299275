import { usePlayer } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { IconButton } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { useNotice } from './useNotice.ts';

/** A sentence above the bar when something is wrong, and once when it is right again. */
export function Notice() {
  const player = usePlayer();
  const { notice, dismiss } = useNotice();
  if (!notice) return null;
  const isFailure = notice.kind === 'failure';
  return (
    <div
      role={isFailure ? 'alert' : 'status'}
      className={cx(
        'flex items-center gap-3 px-4 text-sm md:px-5',
        isFailure ? 'bg-danger text-paper' : 'bg-accent text-on-accent',
      )}
    >
      <p className="flex-1 py-2">{notice.text}</p>
      {notice.canRetry && (
        <button
          type="button"
          className="min-h-10 font-semibold underline underline-offset-4"
          onClick={() => player.play()}
        >
          {words.player.retry}
        </button>
      )}
      <IconButton
        icon="close"
        size={16}
        label={words.player.dismiss}
        onClick={dismiss}
        className="text-current! hover:bg-black/10"
      />
    </div>
  );
}
