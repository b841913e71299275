// Which rules a device has of its own. Pure.

import type { Device, DeviceChange } from '../../../api/wire.ts';

const set = (values: object): number =>
  Object.values(values).filter((value) => value !== null && value !== undefined).length;

/** How many of them stand over the listener's. */
export const ownRules = ({ caps, overrides, download_quality, offline_quality, budget }: Device) =>
  set(caps) + set(overrides) + set({ download_quality, offline_quality, budget });

/** Takes back all of them but the month's data, which no listener's rule stands behind. */
export const FOLLOW: DeviceChange = {
  caps: { wifi: null, cellular: null, ethernet: null, unknown: null, metered: null },
  overrides: {
    mode: null,
    prefer_quality: null,
    adapt_to_system: null,
    auto_download_quality: null,
  },
  download_quality: null,
  offline_quality: null,
};
