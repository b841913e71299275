// The listener's devices, and the rules that stand over their own there.

export const devices = {
  intro:
    'Each device keeps its own measurements of its network. Rules of a device stand over yours ' +
    'on that device alone.',
  open: 'Rules of this device',
  openOf: (name: string) => `Rules of ${name}`,
  asYou: 'Follows your settings',
  ownRules: (count: number) => (count === 1 ? '1 rule of its own' : `${count} rules of its own`),
  name: 'Name',
  rename: 'Rename',
  asForAll: (what: string) => `As for all devices: ${what}`,
  overrides: (what: string) => `Stands over yours: ${what}`,
  mode: 'Quality',
  prefer: 'Leans to',
  adapt: 'Adapt to system',
  downloads: 'Apply to downloads',
  on: 'On',
  off: 'Off',
  clear: 'Follow my settings in everything',
  budget: 'A month’s data',
  noBudget: 'No budget. It is set on the device itself, under Network.',
};
