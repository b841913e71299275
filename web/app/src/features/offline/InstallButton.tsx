import { useInstall } from '../../pwa/install.ts';
import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';

/** Where the browser offers to install the app. */
export function InstallButton() {
  const install = useInstall();
  return install && <Button onClick={install}>{words.offline.install}</Button>;
}
