import { expect, test } from 'vitest';

import { artOf } from './art.ts';

test('one title always has the same art, and another title another', () => {
  expect(artOf('Kestrel')).toEqual(artOf('Kestrel'));
  expect(artOf('Kestrel')).not.toEqual(artOf('Salt'));
});

test.each(['', 'Ω', '🎵'])('even %j has some', (title) => {
  for (const { height } of artOf(title).bars) expect(height).toBeGreaterThanOrEqual(2);
});
