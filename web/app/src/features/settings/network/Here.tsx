// The network of this device, where the browser cannot tell; and whether its data costs money.

import type { NetworkDeclaration } from '@quicksync/player';
import { useQuery } from '@tanstack/react-query';

import { ask } from '../../../api/client.ts';
import { QUICK_SYNC, statusQuery } from '../../../api/queries.ts';
import { declaredNetwork, declareNetwork, KINDS, toldKind } from '../../../playback/network.ts';
import { usePlayer } from '../../../playback/PlayerContext.tsx';
import { words } from '../../../strings/words.ts';
import { Failure } from '../../../ui/Notice.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Switch } from '../../../ui/Switch.tsx';
import { Section } from '../Section.tsx';
import { useChange } from '../useChange.ts';

export function Here() {
  const network = useQuery(statusQuery).data?.status.network;
  const player = usePlayer();
  // The player says it too, from now on; asking here brings the answer at once.
  const say = useChange((part: Partial<NetworkDeclaration>) => {
    declareNetwork(part);
    player.declareNetwork(part);
    return ask(`${QUICK_SYNC}status/`, { query: wordsOf(part) });
  });
  const told = toldKind();
  return (
    <Section title={words.network.here} about={words.network.hereAbout}>
      <div className="border-t border-line">
        {told === 'unknown' ? (
          <Select
            label={words.network.kind}
            hint={words.network.kindHint}
            value={declaredNetwork().kind ?? 'unknown'}
            options={KINDS.map((kind) => [kind, words.network.kinds[kind]] as const)}
            onChange={(kind) => say.mutate({ kind })}
          />
        ) : (
          <p className="flex min-h-14 items-center border-b border-line">
            {words.network.told(words.network.kinds[told])}
          </p>
        )}
        <Switch
          label={words.network.metered}
          hint={words.network.meteredHint}
          checked={network?.is_metered ?? false}
          onChange={(on) => say.mutate({ metered: on })}
        />
        <Switch
          label={words.network.spare}
          hint={words.network.spareHint}
          checked={network?.saves_data ?? false}
          onChange={(on) => say.mutate({ saveData: on })}
        />
      </div>
      {say.isError && <Failure error={say.error} />}
    </Section>
  );
}

/** As the interface takes it. */
const wordsOf = ({ kind, metered, saveData }: Partial<NetworkDeclaration>) => ({
  network_kind: kind,
  metered: metered === undefined ? undefined : String(metered),
  save_data: saveData === undefined ? undefined : String(saveData),
});
