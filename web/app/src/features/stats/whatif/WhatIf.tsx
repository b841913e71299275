// The same network under other policies: what each would have made of what this playback measured.

import type { PlayerState } from '@quicksync/player';
import { useMutation } from '@tanstack/react-query';

import { usePlayer } from '../../../playback/PlayerContext.tsx';
import { words } from '../../../strings/words.ts';
import { Button } from '../../../ui/Button.tsx';
import { useHistory } from '../HistoryContext.tsx';
import { Outcomes } from './Outcomes.tsx';
import { replay } from './replay.ts';
import { requestOf } from './request.ts';

/** Played again where no track is at hand to take the length from. */
const USUAL_S = 240;

const lengthOf = ({ duration }: PlayerState): number => (duration > 0 ? duration : USUAL_S);

export function WhatIf() {
  const player = usePlayer();
  const { transfers } = useHistory();
  const run = useMutation({ mutationFn: replay });
  const ask = () => {
    const { state } = player;
    const most = state.reach;
    const request = requestOf({ transfers, duration: lengthOf(state), most });
    if (request) run.mutate(request);
  };
  const isEmpty = !transfers.some(
    ({ cached, ended, bytes }) => !cached && ended !== null && bytes > 0,
  );
  const said = words.whatIf;
  return (
    <section className="grid content-start gap-4">
      <h2 className="text-xl font-semibold tracking-tight">{said.title}</h2>
      <p className="max-w-prose text-soft">{said.about}</p>
      <div className="flex flex-wrap items-center gap-4">
        <Button look="solid" disabled={isEmpty || run.isPending} onClick={ask}>
          {run.isPending ? said.running : run.data ? said.again : said.start}
        </Button>
        <output className="text-sm text-soft">
          {isEmpty && words.stats.nothing}
          {run.isSuccess && said.done(run.data.policies.length)}
        </output>
      </div>
      {run.isError && <p role="alert">{said.failed(run.error.message)}</p>}
      {run.data && <Outcomes result={run.data} />}
    </section>
  );
}
