// Runs the simulator apart from the page: one request, one answer.

import { loadWhatIf, whatIf, type WhatIfRequest } from '@quicksync/player/whatif';

import type { Answer } from './replay.ts';

/** This worker, of which the page's types know nothing. */
interface Scope {
  addEventListener(type: 'message', listener: (event: MessageEvent<WhatIfRequest>) => void): void;
  postMessage(answer: Answer): void;
}
const scope = globalThis as unknown as Scope;

scope.addEventListener('message', ({ data }) => {
  loadWhatIf()
    .then((wasm) => scope.postMessage({ result: whatIf(wasm, data) }))
    .catch((error: unknown) =>
      scope.postMessage({ problem: error instanceof Error ? error.message : String(error) }),
    );
});
