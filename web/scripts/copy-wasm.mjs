// Puts the generated decision core beside the compiled player. Without one the player is built
// all the same, and only `@quicksync/player/wasm` is missing.
import { cpSync, existsSync } from 'node:fs';

if (existsSync('src/wasm')) cpSync('src/wasm', 'dist/wasm', { recursive: true });
else console.warn('no decision core yet: `cargo xtask web` makes it');
