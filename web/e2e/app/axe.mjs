// What axe-core finds wrong on a page by WCAG 2.2 AA, and whether it fits where there is little room.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export async function violations(page) {
  await page.evaluate(AXE);
  const { violations: found } = await page.evaluate(
    (values) => globalThis.axe.run({ runOnly: { type: 'tag', values } }),
    RULES,
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

/** The narrowest page one must be able to read without scrolling sideways (WCAG 1.4.10), and letters
 * of twice the size (1.4.4). */
const TIGHT = [
  { name: '320 pixels wide', width: 320, letters: '' },
  { name: 'letters twice as large', width: 640, letters: '200%' },
];

/** Where the page is wider than the window, and by how much. */
export async function overflows(page) {
  const wrong = [];
  const before = page.viewportSize();
  for (const { name, width, letters } of TIGHT) {
    await page.setViewportSize({ width, height: 800 });
    const over = await page.evaluate(async (size) => {
      const { documentElement: root } = document;
      root.style.fontSize = size;
      // Charts follow the room they have a moment later.
      await new Promise((later) => setTimeout(later, 300));
      const beyond = root.scrollWidth - root.clientWidth;
      root.style.fontSize = '';
      return beyond;
    }, letters);
    if (over > 0) wrong.push(`${name}: ${over} pixels too wide`);
  }
  await page.setViewportSize(before);
  return wrong;
}
