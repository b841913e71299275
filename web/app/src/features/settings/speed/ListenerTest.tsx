import { words } from '../../../strings/words.ts';
import { size } from '../../../strings/size.ts';
import { Button } from '../../../ui/Button.tsx';
import { Failure } from '../../../ui/Notice.tsx';
import { Section } from '../Section.tsx';
import type { Progress } from './measure.ts';
import { useSpeedTest } from './useSpeedTest.ts';

/** From this server to this device, as music would come. */
export function ListenerTest() {
  const { progress, test, stop } = useSpeedTest();
  const { data: measured } = test;
  const shown = test.isPending ? (progress?.mbps ?? 0) : measured?.mbps;
  return (
    <Section title={words.speed.listener} about={words.speed.listenerAbout}>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        {test.isPending ? (
          <Button onClick={stop}>{words.speed.stop}</Button>
        ) : (
          <Button look="solid" onClick={() => test.mutate()}>
            {words.speed.start}
          </Button>
        )}
        {shown !== undefined && (
          <p className="numbers text-2xl font-semibold tracking-tight" aria-hidden="true">
            {words.speed.mbps(shown)}
          </p>
        )}
      </div>
      {test.isPending && <Bar progress={progress} />}
      {/* Said once, when it is over: a running figure would never let a reader finish. */}
      <output className="text-sm text-soft">
        {test.isPending && words.speed.running}
        {measured && words.speed.found(measured.mbps, size(measured.bytes))}
      </output>
      {test.isError && !isStopped(test.error) && <Failure error={test.error} />}
    </Section>
  );
}

const isStopped = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'AbortError';

function Bar({ progress }: { progress: Progress | null }) {
  const percent = Math.round((progress?.share ?? 0) * 100);
  return (
    <div className="h-2 bg-sunk">
      <progress aria-label={words.speed.listener} max={100} value={percent} className="sr-only" />
      <div className="h-full bg-accent transition-[width]" style={{ width: `${percent}%` }} />
    </div>
  );
}
