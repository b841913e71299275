import { HostLoad } from './HostLoad.tsx';
import { ListenerTest } from './ListenerTest.tsx';
import { PastChart } from './PastChart.tsx';
import { ServerTest } from './ServerTest.tsx';

/** What the network carries and how busy the server is: measured now, and before. */
export function Speed() {
  return (
    <>
      <ListenerTest />
      <PastChart />
      <ServerTest />
      <HostLoad />
    </>
  );
}
