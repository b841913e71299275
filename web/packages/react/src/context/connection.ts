// Where the provider's server is and who asks, for the players made below it.

import { createContext } from 'react';

export interface Connection {
  readonly baseUrl: string;
  readonly token: string | undefined;
}

export const ConnectionContext = createContext<Connection>({ baseUrl: '', token: undefined });
