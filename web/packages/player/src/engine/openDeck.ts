// Puts the parts around one audio element together.

import { Sink } from '../media/sink.ts';
import type { MediaElementPort, MediaSourceFactory } from '../platform.ts';
import type { Deck } from './decks.ts';
import type { Network } from './segmentLoader.ts';
import { Sound, type SoundHost } from './sound.ts';
import { Volume, type VolumeView } from './volume.ts';

export interface DeckHost extends Omit<SoundHost, 'settled'> {
  /** What the browser holds may have changed. */
  buffered(): void;
  shown(shown: VolumeView): void;
}

/** `hostOf` is asked once, before there is a deck. */
export function openDeck(
  element: MediaElementPort,
  parts: { readonly factory: MediaSourceFactory | null; readonly network: Network },
  hostOf: (deck: () => Deck) => DeckHost,
): Deck {
  const { factory, network } = parts;
  const { clock, connection } = network;
  const host = hostOf(() => deck);
  const onBuffered = () => host.buffered();
  const sink =
    factory && new Sink({ clock, element, factory, onStreaming: connection.allow, onBuffered });
  const settled = () => sink?.settled() ?? Promise.resolve();
  const deck: Deck = {
    element,
    sink,
    sound: new Sound(element, clock, { ...host, settled }),
    volume: new Volume(element, clock, (shown) => host.shown(shown)),
  };
  return deck;
}
