// The network of this device, where the browser cannot tell; and whether its data costs money.

import type { NetworkKind } from '@quicksync/player';
import { useQuery } from '@tanstack/react-query';

import { ask } from '../../../api/client.ts';
import { QUICK_SYNC, statusQuery } from '../../../api/queries.ts';
import { declaredKind, declareKind, KINDS, toldKind } from '../../../playback/network.ts';
import { words } from '../../../strings/words.ts';
import { Failure } from '../../../ui/Notice.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Switch } from '../../../ui/Switch.tsx';
import { Section } from '../Section.tsx';
import { useChange } from '../useChange.ts';

type Said = Readonly<Record<string, string>>;

export function Here() {
  const network = useQuery(statusQuery).data?.status.network;
  // The server keeps what a client says of its network until it says otherwise.
  const say = useChange((said: Said) => ask(`${QUICK_SYNC}status/`, { query: said }));
  const told = toldKind();
  const declare = (kind: NetworkKind) => {
    declareKind(kind);
    say.mutate({ network_kind: kind });
  };
  return (
    <Section title={words.network.here} about={words.network.hereAbout}>
      <div className="border-t border-line">
        {told === 'unknown' ? (
          <Select
            label={words.network.kind}
            hint={words.network.kindHint}
            value={declaredKind()}
            options={KINDS.map((kind) => [kind, words.network.kinds[kind]] as const)}
            onChange={declare}
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
          onChange={(on) => say.mutate({ metered: String(on) })}
        />
        <Switch
          label={words.network.spare}
          hint={words.network.spareHint}
          checked={network?.saves_data ?? false}
          onChange={(on) => say.mutate({ save_data: String(on) })}
        />
      </div>
      {say.isError && <Failure error={say.error} />}
    </Section>
  );
}
