// The code that makes sound, as a piece of its own that the page fetches after it has been drawn.

export { createPlayer } from '@quicksync/player';
