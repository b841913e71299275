import { expect, it, vi } from 'vitest';

import { connectMediaSession } from './mediaSession.ts';
import { stage } from './testing/stage.ts';

it('shows the state on the lock screen and obeys its keys', async () => {
  const { clock, player, queue } = stage([5, 5]);
  const handlers = new Map<string, MediaSessionActionHandler | null>();
  const session = {
    metadata: null,
    playbackState: 'none' as MediaSessionPlaybackState,
    setActionHandler: (action: string, handler: MediaSessionActionHandler | null) => {
      if (action === 'seekforward') throw new TypeError('unknown action');
      handlers.set(action, handler);
    },
    setPositionState: vi.fn(),
  };
  const press = (action: MediaSessionAction, details = {}) =>
    handlers.get(action)?.({ action, ...details });
  const stop = connectMediaSession(player, session);
  player.load(queue);
  press('play');
  await clock.advance(2_000);
  expect(session.playbackState).toBe('playing');
  expect(session.setPositionState).toHaveBeenLastCalledWith(
    expect.objectContaining({ duration: player.state.duration }),
  );
  press('seekto', { seekTime: 10 });
  expect(player.state.position).toBeCloseTo(10);
  press('nexttrack');
  expect(player.state.index).toBe(1);
  press('pause');
  expect(session.playbackState).toBe('paused');
  stop();
  expect(handlers.get('play')).toBeNull();
});
