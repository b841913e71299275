// The quality that is heard now, and behind it the reason.

import type { PlayerState } from '@quicksync/player';
import * as Popover from '@radix-ui/react-popover';

import { badgeText, STEP } from '../../playback/quality.ts';
import { usePlayerState } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { cx } from '../../ui/cx.ts';
import { Ladder } from '../../ui/Ladder.tsx';
import { Pending } from './Pending.tsx';
import { QualityPanel } from './QualityPanel.tsx';

const playingOf = (state: PlayerState) => state.playing;
const codecOf = (state: PlayerState) => state.signal?.codec;
const chosenOf = (state: PlayerState) =>
  state.override ? 'track' : state.mode === 'auto' ? 'auto' : 'held';
const INK = { low: 'text-low', medium: 'text-medium', high: 'text-high', ultra: 'text-ultra' };

interface QualityBadgeProps {
  /** Where the panel opens; a modal dialog covers everything outside of it. */
  readonly container?: HTMLElement | null;
  /** Sign and rate only. */
  readonly compact?: boolean;
}

export function QualityBadge({ container = null, compact = false }: QualityBadgeProps) {
  const playing = usePlayerState(playingOf);
  const codec = usePlayerState(codecOf);
  const chosen = usePlayerState(chosenOf);
  const text = playing ? badgeText(playing, codec) : words.quality.none;
  return (
    <Popover.Root>
      <Popover.Trigger
        data-testid="quality-badge"
        data-quality={playing?.quality}
        aria-label={words.quality.badgeLabel(text, chosen)}
        className="flex min-h-10 items-center gap-2.5 rounded-full border border-line px-3.5 whitespace-nowrap hover:border-faint"
      >
        <Ladder
          step={playing ? STEP[playing.quality] : 0}
          className={cx('h-3.5', playing && INK[playing.quality])}
        />
        <span className="numbers text-xs font-semibold tracking-wide">
          {compact ? playing?.bitrateKbps : text}
        </span>
        {!compact && <span className="label text-faint">{words.quality[chosen]}</span>}
        <Pending compact={compact} />
      </Popover.Trigger>
      <Popover.Portal container={container}>
        <Popover.Content
          side="top"
          align="end"
          sideOffset={10}
          collisionPadding={12}
          aria-label={words.quality.mode}
          className="z-50 max-h-(--radix-popover-content-available-height) w-[min(24rem,calc(100vw-1.5rem))] overflow-y-auto rounded-xl border border-line bg-raised p-5 shadow-2xl shadow-black/20"
        >
          <QualityPanel />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
