import * as Menu from '@radix-ui/react-dropdown-menu';
import { useNavigate } from '@tanstack/react-router';

import type { Track } from '../api/wire.ts';
import { useDownload, useDownloads, useDownloadsState } from '../offline/OfflineContext.tsx';
import { useOfflineQuality } from '../offline/useOfflineQuality.ts';
import { queueTrack, useQueue } from '../playback/queue.ts';
import { words } from '../strings/words.ts';
import { IconButton } from '../ui/Button.tsx';

const { library } = words;

const ITEM =
  'flex min-h-10 items-center px-4 text-sm outline-none select-none data-[highlighted]:bg-accent data-[highlighted]:text-on-accent';

export function TrackMenu({ track, isStop }: { track: Track; isStop: boolean }) {
  const queue = useQueue();
  const navigate = useNavigate();
  const open = (to: '/albums/$id' | '/artists/$id', id: string) => () =>
    void navigate({ to, params: { id } });
  return (
    // Not modal: a modal menu would inject a style element, which the page's policy forbids.
    <Menu.Root modal={false}>
      <Menu.Trigger asChild>
        <IconButton
          icon="more"
          label={library.actions(track.title)}
          tabIndex={isStop ? undefined : -1}
        />
      </Menu.Trigger>
      {/* Inside the page's main part, where a screen reader looks for it. */}
      <Menu.Portal container={document.getElementById('page')}>
        <Menu.Content
          align="end"
          className="z-40 min-w-48 rounded-lg border border-line bg-raised py-1.5 shadow-xl shadow-black/15"
        >
          <Item onSelect={() => queue.next([track])}>{library.playNext}</Item>
          <Item onSelect={() => queue.add([track])}>{library.addToQueue}</Item>
          {track.problem === null && <KeepItem track={track} />}
          {track.album_id && (
            <Item onSelect={open('/albums/$id', track.album_id)}>{library.goToAlbum}</Item>
          )}
          {track.artist_id && (
            <Item onSelect={open('/artists/$id', track.artist_id)}>{library.goToArtist}</Item>
          )}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Item({ children, onSelect }: { children: string; onSelect: () => void }) {
  return (
    <Menu.Item className={ITEM} onSelect={onSelect}>
      {children}
    </Menu.Item>
  );
}

function KeepItem({ track }: { track: Track }) {
  const downloads = useDownloads();
  const { status } = useDownloadsState();
  const quality = useOfflineQuality();
  const stage = useDownload(track.id)?.stage;
  if (status !== 'ready') return null;
  if (!stage || stage === 'failed') {
    return (
      <Item onSelect={() => downloads.save([queueTrack(track)], quality)}>
        {words.offline.keep}
      </Item>
    );
  }
  return (
    <Item onSelect={() => downloads.remove([track.id])}>
      {stage === 'kept' ? words.offline.remove : words.offline.stop}
    </Item>
  );
}
