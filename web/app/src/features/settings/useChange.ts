// A change of rules: sent, and everything that may follow from it asked for again.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useQuickSync } from '@quicksync/react';

import { QUICK_SYNC } from '../../api/queries.ts';

/** Asks anew whatever Quick Sync said before: one rule bears on many figures. */
export function useRefresh(): () => void {
  const client = useQueryClient();
  const { refreshStatus } = useQuickSync();
  return () => {
    void client.invalidateQueries({
      predicate: ({ queryKey }) => String(queryKey[0]).startsWith(QUICK_SYNC),
    });
    // The player follows the context's status.
    void refreshStatus();
  };
}

export function useChange<Change>(send: (change: Change) => Promise<unknown>) {
  const refresh = useRefresh();
  return useMutation({ mutationFn: send, onSettled: refresh });
}
