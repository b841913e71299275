// What a benchmark of the decision core needs of the player, as one module.

export { Frames, readWords } from '../core/frames.ts';
export { wasmCore } from '../core/wasmCore.ts';
export { readLog } from './logReader.ts';
