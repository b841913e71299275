// What may go over which network, and how much.

const qualities: Readonly<Record<string, string>> = {
  low: 'low',
  medium: 'medium',
  high: 'high',
  ultra: 'ultra',
};

const reasons: Readonly<Record<string, string>> = {
  network: 'your cap for this kind of network',
  metered: 'your cap where data costs money',
  saves_data: 'you asked to be spared data',
  budget: 'what is left of the month’s data',
};

export const network = {
  here: 'This device’s network',
  hereAbout:
    'Caps, the month’s data and what is remembered of networks all go by the kind of network. ' +
    'It is never guessed from addresses.',
  kind: 'Kind of network',
  kindHint: 'This browser does not tell: say it yourself.',
  kinds: { wifi: 'Wi-Fi', cellular: 'Cellular', ethernet: 'Ethernet', unknown: 'Not said' },
  told: (kind: string) => `Your browser says: ${kind}.`,
  metered: 'Data costs money here',
  meteredHint: 'Its own cap applies below, and it counts against the month’s data.',
  spare: 'Spare data',
  spareHint: 'Holds this device at medium on any network, or at your cap where data costs money.',
  caps: 'Highest quality',
  capsAbout:
    'For all your devices, in every mode. The lowest cap that applies holds; a device can have ' +
    'caps of its own.',
  places: {
    wifi: 'On Wi-Fi',
    cellular: 'On cellular',
    ethernet: 'On Ethernet',
    unknown: 'Where the kind is not known',
    metered: 'Where data costs money',
  },
  placeHints: {
    metered: 'Beside the cap of the network’s kind.',
  } as Readonly<Record<string, string | undefined>>,
  noCap: 'No limit',
  upTo: (name: string) => `Up to ${name}`,
  inForce: (cap: string, reason: string) =>
    `Now in force on this device: up to ${qualities[cap] ?? cap}, by ${reasons[reason] ?? 'a rule'}.`,
  nothingInForce: 'No cap is in force on this device now.',
  leaning: 'Quality or stability',
  leaningAbout:
    'What to lean to while the network is not clearly good enough for the next quality.',
  sides: { stability: 'Stability first', quality: 'Quality first' },
  sideAbout: {
    stability:
      'Stays where it is steady: fewer changes of quality, and a better one only once the ' +
      'network has room to spare.',
    quality:
      'Takes the better quality as soon as it is likely to last, and goes one higher at the ' +
      'start where the server has room.',
  },
  budget: 'Data for a month',
  budgetAbout:
    'For this device. Quality falls one step at a time and some days early, so that the music ' +
    'never stops before the month does.',
  used: 'Used this month',
  usedOf: (used: string, all: string, left: string) => `${used} of ${all}, ${left} left`,
  nothingUsed: 'Nothing that counts has been played this month.',
  loweredTo: (cap: string, kbps: number, ends: string) =>
    `Quality is held at ${qualities[cap] ?? cap} now: what is left affords ${kbps} kbps until ${ends}.`,
  lowersAt: (left: string, ends: string) =>
    `Full quality. It would begin to fall with ${left} left today; the month ends on ${ends}.`,
  gigabytes: 'Gigabytes a month',
  startsOn: 'Begins on day',
  countsAll: 'Count every network, not only where data costs money',
  setBudget: 'Set a budget',
  changeBudget: 'Change the budget',
  endBudget: 'No budget',
};
