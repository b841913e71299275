// What the generated WebAssembly module offers, for as long as it is not generated; then its own
// declarations count.
declare module '*/quicksync_wasm.js' {
  export class PlaybackSession {
    constructor(configLine: string, trackLine: string);
    handle(nowUs: number, input: string): void;
    poll(): string;
    log(): string;
    free(): void;
  }
  export function replay(log: string): number;
  export default function init(source: { module_or_path: unknown }): Promise<unknown>;
}
