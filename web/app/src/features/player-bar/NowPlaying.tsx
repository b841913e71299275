// The whole player on the whole screen.

import type { PlayerState } from '@quicksync/player';
import { useEffect, useState } from 'react';

import { usePlayerState } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Cover } from '../../ui/Cover.tsx';
import { QualityBadge } from './QualityBadge.tsx';
import { QueueLink } from './QueueLink.tsx';
import { SeekBar, Times } from './SeekBar.tsx';
import { Transport } from './Transport.tsx';

const trackOf = (state: PlayerState) => state.track;

interface NowPlayingProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

export function NowPlaying({ open, onClose }: NowPlayingProps) {
  const [dialog, setDialog] = useState<HTMLDialogElement | null>(null);
  const track = usePlayerState(trackOf);
  useEffect(() => {
    if (open) dialog?.showModal();
    else dialog?.close();
  }, [open, dialog]);
  return (
    <dialog
      ref={setDialog}
      onClose={onClose}
      aria-label={words.player.label}
      className="m-0 h-dvh max-h-none w-screen max-w-none bg-paper text-ink"
    >
      {open && track && (
        <div className="mx-auto grid h-full max-w-lg grid-rows-[auto_1fr_auto] gap-5 px-6 pt-3 pb-8">
          <div className="flex justify-between">
            <IconButton icon="down" label={words.player.close} onClick={onClose} />
            <QueueLink onFollow={onClose} />
          </div>
          <div className="grid min-h-0 content-center justify-items-center">
            <Cover
              url={track.coverUrl ?? null}
              title={track.album ?? track.title}
              className="max-h-[46dvh] w-full max-w-[46dvh]"
              eager
            />
          </div>
          <div className="grid gap-5">
            <div className="grid gap-1.5">
              <h2 className="headline line-clamp-2 pb-0.5 text-3xl">{track.title}</h2>
              <p className="truncate text-soft">
                {[track.artist, track.album].filter(Boolean).join(' – ')}
              </p>
            </div>
            <div className="grid gap-1.5">
              <SeekBar className="h-9" />
              <Times className="text-sm" />
            </div>
            <div className="grid justify-items-center gap-5">
              <Transport large />
              <QualityBadge container={dialog} />
            </div>
          </div>
        </div>
      )}
    </dialog>
  );
}
