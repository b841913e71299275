import { useEffect, useRef } from 'react';

import { words } from '../../strings/words.ts';
import { IconButton } from '../../ui/Button.tsx';

/** The list of keys. */
export function Help({ open, onClose }: { open: boolean; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      aria-label={words.shortcuts.help}
      className="m-auto w-[min(24rem,calc(100vw-2rem))] rounded-xl border border-line bg-raised p-6 text-ink backdrop:bg-black/40"
    >
      <div className="mb-4 flex items-center justify-between">
        <h2 className="headline text-2xl">{words.shortcuts.title}</h2>
        <IconButton icon="close" label={words.player.close} onClick={onClose} />
      </div>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2.5 text-sm">
        {words.shortcuts.list.map(([key, meaning]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="inline-block min-w-9 rounded border border-line bg-paper px-2 py-1 text-center font-sans text-xs font-semibold">
                {key}
              </kbd>
            </dt>
            <dd className="text-soft">{meaning}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
