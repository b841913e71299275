// The way of the sound from the file to the ear, a line for each station.

import type { PlayerState } from '@quicksync/player';
import type { ReactNode } from 'react';

import { codecName } from '../../playback/quality.ts';
import { usePlayerState } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { delivered, followed, played, rendered, sourced } from './signalText.ts';

const signalOf = (state: PlayerState) => state.signal;
const playingOf = (state: PlayerState) => state.playing;
const estimateOf = (state: PlayerState) => state.estimate;
const levelingOf = (state: PlayerState) => state.leveling;
const rateOf = (state: PlayerState) => state.rate;
const nextOf = (state: PlayerState) => state.queue[state.index + 1] ?? null;
const trackOf = (state: PlayerState) => state.track;
const crossfadeOf = (state: PlayerState) => state.crossfade;

export function SignalPath() {
  const signal = usePlayerState(signalOf);
  const playing = usePlayerState(playingOf);
  const estimate = usePlayerState(estimateOf);
  const leveling = usePlayerState(levelingOf);
  const rate = usePlayerState(rateOf);
  const next = usePlayerState(nextOf);
  const track = usePlayerState(trackOf);
  const crossfade = usePlayerState(crossfadeOf);
  if (!signal) return null;
  const { path, stages, decoder } = words.quality;
  return (
    <section className="grid gap-2">
      <h2 className="label text-faint">{path}</h2>
      <ol className="numbers text-sm">
        <Stage name={stages.source}>{sourced(signal.source)}</Stage>
        <Stage name={stages.rendition}>{rendered(signal, playing)}</Stage>
        <Stage name={stages.delivery}>{delivered(signal, estimate)}</Stage>
        <Stage name={stages.decoder}>{decoder(codecName(signal.codec))}</Stage>
        <Stage name={stages.output}>{played(leveling, rate)}</Stage>
      </ol>
      <p className="text-sm text-soft">{followed(track, next, crossfade)}</p>
    </section>
  );
}

/** A station: a knot on the line that leads to the next one. */
function Stage({ name, children }: { name: string; children: ReactNode }) {
  return (
    <li className="relative grid grid-cols-[7rem_1fr] gap-2 py-1 pl-4 before:absolute before:top-[0.7rem] before:left-0 before:size-1.5 before:rounded-full before:bg-accent after:absolute after:top-[1.2rem] after:bottom-[-0.6rem] after:left-[0.155rem] after:w-px after:bg-line last:after:hidden">
      <span className="text-soft">{name}</span>
      <span className="wrap-anywhere">{children}</span>
    </li>
  );
}
