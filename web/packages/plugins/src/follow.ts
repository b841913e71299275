// Tells the advisor what a media element does: where the sound is, whether it runs, what is gone.

import type { CoreAdvisor } from './advisor.ts';

/** The part of a media element that is looked at. */
export type FollowedElement = Pick<
  HTMLMediaElement,
  'addEventListener' | 'removeEventListener' | 'buffered' | 'currentTime' | 'paused'
>;

/** The core extrapolates between two of them while the sound runs. */
const POSITION_INTERVAL_MS = 1_000;

/** Until the answer is called. */
export function follow(element: FollowedElement, advisor: CoreAdvisor): () => void {
  let toldAt = -Infinity;
  const isBuffered = (at: number): boolean => {
    const { buffered } = element;
    return Array.from({ length: buffered.length }, (_, range) => range).some(
      (range) => buffered.start(range) <= at && at < buffered.end(range),
    );
  };
  const listeners: Readonly<Record<string, () => void>> = {
    play: () => advisor.play(),
    pause: () => advisor.pause(element.currentTime),
    playing: () => advisor.sounded(),
    waiting: () => {
      advisor.moved(element.currentTime);
      advisor.stalled();
    },
    seeking: () => {
      advisor.reconcile(isBuffered);
      advisor.seeked(element.currentTime);
    },
    timeupdate: () => {
      if (performance.now() - toldAt < POSITION_INTERVAL_MS) return;
      toldAt = performance.now();
      advisor.reconcile(isBuffered, advisor.indexAt(element.currentTime));
      advisor.moved(element.currentTime);
    },
  };
  for (const [name, listener] of Object.entries(listeners)) {
    element.addEventListener(name, listener);
  }
  if (!element.paused) advisor.play();
  return () => {
    for (const [name, listener] of Object.entries(listeners)) {
      element.removeEventListener(name, listener);
    }
  };
}
