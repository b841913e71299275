// Asks the simulator, in a worker of its own: the search for the optimum takes a second or more, and
// the page goes on moving. Both are loaded when they are first wanted.

import type { WhatIfRequest, WhatIfResult } from '@quicksync/player/whatif';

export type Answer = { readonly result: WhatIfResult } | { readonly problem: string };

export function replay(request: WhatIfRequest): Promise<WhatIfResult> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  return new Promise<WhatIfResult>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      if ('result' in data) resolve(data.result);
      else reject(new Error(data.problem));
    });
    worker.addEventListener('error', () => reject(new Error('the simulator could not be loaded')));
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}
