// The bar at the bottom: on a wide screen all of the player, on a phone its essence.

import { useState } from 'react';

import { words } from '../../strings/words.ts';
import { LiveRegion } from './LiveRegion.tsx';
import { Notice } from './Notice.tsx';
import { NowPlaying } from './NowPlaying.tsx';
import { QualityBadge } from './QualityBadge.tsx';
import { QueueLink } from './QueueLink.tsx';
import { SeekBar, Times } from './SeekBar.tsx';
import { TrackInfo } from './TrackInfo.tsx';
import { PlayButton, Transport } from './Transport.tsx';
import { Volume } from './Volume.tsx';

export function PlayerBar() {
  const [open, setOpen] = useState(false);
  return (
    <section aria-label={words.player.label} className="relative bg-raised">
      <Notice />
      <SeekBar className="h-3.5 md:h-4" />
      <div className="flex h-16 items-center gap-3 px-3 md:grid md:h-20 md:grid-cols-[1fr_auto_1fr] md:px-5">
        <TrackInfo onOpen={() => setOpen(true)} />
        <div className="hidden items-center gap-4 md:flex">
          <Transport />
        </div>
        <div className="flex items-center gap-2.5 md:hidden">
          <QualityBadge compact />
          <PlayButton />
        </div>
        <div className="hidden items-center justify-end gap-3 md:flex">
          <Times />
          <QualityBadge />
          <span className="hidden lg:block">
            <Volume />
          </span>
          <QueueLink />
        </div>
      </div>
      <NowPlaying open={open} onClose={() => setOpen(false)} />
      <LiveRegion />
    </section>
  );
}
