// The decision core in WebAssembly behind the engine's own interface. Converts, decides nothing.

import type {
  CoreConfig,
  CoreEstimate,
  CoreInput,
  CoreOutput,
  CoreSession,
  DecisionCore,
} from './contract.ts';
import { estimateOf, Frames, readWords, reasonNumbers } from './frames.ts';
import { configLine, inputLine, outputLine, trackLine, VERSION_LINE } from './lines.ts';
import { micros, type Micros } from '../units.ts';

/** What the module exports: plain functions of plain numbers. */
export interface WasmExports {
  readonly memory: WebAssembly.Memory;
  /** Where the tray is: numbers to and from the core. */
  tray(): number;
  /** Where the text is that was written last. */
  text(): number;
  /** Writes the words for numbers; how many bytes. */
  words_text(): number;
  /** A session from the tray; its number, 0 if no session can honour it. */
  begin(length: number): number;
  /** Tells a session the input in the tray; 0 if it is none. */
  handle(session: number, nowUs: number, length: number): number;
  /** Puts the next output in the tray; how many numbers. */
  poll(session: number): number;
  /** Writes why the last output is as it is; how many bytes. */
  sentence(session: number): number;
  /** Puts what is believed of the network in the tray; how many numbers, none for nothing. */
  believe(session: number): number;
  end(session: number): void;
}

/** A log stops growing here, in characters: several hours of playback. It still replays. */
const MAX_LOG = 8 * 2 ** 20;
const UTF8 = new TextDecoder();

/** The module's memory as rows of numbers and text. */
class Tray {
  readonly exports: WasmExports;
  #bytes = new Uint8Array();
  #numbers = new Float64Array();

  constructor(exports: WasmExports) {
    this.exports = exports;
  }

  put(row: readonly number[]): number {
    this.#look();
    this.#numbers.set(row);
    return row.length;
  }

  take(length: number): Float64Array {
    this.#look();
    return this.#numbers.subarray(0, length);
  }

  text(length: number): string {
    this.#look();
    const start = this.exports.text();
    return UTF8.decode(this.#bytes.subarray(start, start + length));
  }

  /** Views end when the memory grows. */
  #look(): void {
    const { buffer } = this.exports.memory;
    if (this.#bytes.buffer === buffer) return;
    this.#bytes = new Uint8Array(buffer);
    this.#numbers = new Float64Array(buffer, this.exports.tray());
  }
}

class WasmSession implements CoreSession {
  readonly #tray: Tray;
  readonly #frames: Frames;
  readonly #number: number;
  readonly #lines: string[];
  #length = 0;
  #idle = false;

  constructor(tray: Tray, frames: Frames, number: number, head: string[]) {
    this.#tray = tray;
    this.#frames = frames;
    this.#number = number;
    this.#lines = head;
  }

  handle(at: Micros, input: CoreInput): void {
    const now = Math.trunc(at);
    const length = this.#tray.put(this.#frames.input(input));
    if (!this.#tray.exports.handle(this.#number, now, length)) {
      throw new Error(`the decision core refused ${inputLine(input)}`);
    }
    this.#idle = false;
    this.#write(`< ${now} ${inputLine(input)}`);
  }

  poll(): CoreOutput {
    const { exports } = this.#tray;
    const length = exports.poll(this.#number);
    const reason = this.#tray.text(exports.sentence(this.#number));
    const row = this.#tray.take(length);
    const output = this.#frames.output(row, reason);
    if (!this.#idle) this.#write(`> ${outputLine(output, reasonNumbers(row))}`);
    this.#idle = output.type === 'idle';
    return output;
  }

  estimate(): CoreEstimate | null {
    return estimateOf(this.#tray.take(this.#tray.exports.believe(this.#number)));
  }

  log = (): string => `${this.#lines.join('\n')}\n`;

  free(): void {
    this.#tray.exports.end(this.#number);
  }

  #write(line: string): void {
    if (this.#length >= MAX_LOG) return;
    this.#length += line.length + 1;
    this.#lines.push(line);
  }
}

export function wasmCore(exports: WasmExports): DecisionCore {
  const tray = new Tray(exports);
  const frames = new Frames(readWords(tray.text(exports.words_text())));
  return {
    begin(config: CoreConfig, track, ladder, at) {
      const now = micros(Math.trunc(at));
      const number = exports.begin(tray.put(frames.beginning(config, track, ladder, now)));
      const head = [VERSION_LINE, configLine(config), trackLine(track, ladder, now)];
      if (number === 0) throw new Error(`no session can honour ${head.slice(1).join(', ')}`);
      return new WasmSession(tray, frames, number, head);
    },
  };
}
