// Becomes a user: posts a form, then knows who one is.

import { useMutation, useQueryClient } from '@tanstack/react-query';

import { ask } from '../../api/client.ts';
import { meQuery } from '../../api/queries.ts';
import type { Me } from '../../api/wire.ts';

export function useEnter(path: string, onEntered: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Readonly<Record<string, string>>) => ask<Me>(path, { method: 'POST', body }),
    onSuccess: (me) => {
      client.clear();
      client.setQueryData(meQuery.queryKey, me);
      onEntered();
    },
  });
}
