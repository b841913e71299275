import { Link } from '@tanstack/react-router';

import { words } from '../../strings/words.ts';
import { Icon } from '../../ui/Icon.tsx';

export function QueueLink({ onFollow }: { onFollow?: () => void }) {
  return (
    <Link
      to="/queue"
      onClick={onFollow}
      aria-label={words.player.queue}
      title={words.player.queue}
      className="inline-grid size-10 shrink-0 place-items-center rounded-full text-soft hover:bg-sunk hover:text-ink"
    >
      <Icon name="queue" />
    </Link>
  );
}
