// Runs the listener's test, shows how it goes, and tells the server what it found.

import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { ask, askFor } from '../../../api/client.ts';
import { QUICK_SYNC } from '../../../api/queries.ts';
import { useRefresh } from '../useChange.ts';
import { measure, type Measured, type Progress } from './measure.ts';

export function useSpeedTest() {
  const [progress, setProgress] = useState<Progress | null>(null);
  const stopper = useRef<AbortController>(null);
  const refresh = useRefresh();
  const test = useMutation({
    mutationFn: async (): Promise<Measured> => {
      const { signal } = (stopper.current = new AbortController());
      setProgress(null);
      const measured = await measure({
        download: (bytes, until) =>
          askFor(`${QUICK_SYNC}probe/`, { query: { bytes }, signal: until }),
        now: () => performance.now(),
        onProgress: setProgress,
        signal,
      });
      const { bytes, durationMs } = measured;
      const sample = { bytes, duration_ms: durationMs, source: 'listener_probe' };
      await ask(`${QUICK_SYNC}samples/`, { method: 'POST', body: { samples: [sample] }, signal });
      return measured;
    },
    onSettled: refresh,
  });
  useEffect(() => () => stopper.current?.abort(), []);
  return { progress, test, stop: () => stopper.current?.abort() };
}
