// Draws the app's icons: the quality ladder on night spruce, as PNG files of plain rectangles.
//
//   node scripts/icons.mjs app/public/icons

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

const GROUND = [13, 59, 46];
const BARS = [212, 240, 74];
/** Heights of the four bars, as parts of the tallest. */
const STEPS = [0.4, 0.6, 0.8, 1];
/** The mark's part of the icon's side. A mask may cut away all but the middle four fifths. */
const MARK = 0.46;
const GAP = 0.4;

const ICONS = [180, 192, 512];

/** Whether a pixel, in parts of the side, belongs to the mark. */
function isMark(x, y) {
  const [left, top] = [(x - 0.5) / MARK + 0.5, (y - 0.5) / MARK + 0.5];
  if (left < 0 || left >= 1 || top < 0 || top >= 1) return false;
  const width = 1 / (STEPS.length + (STEPS.length - 1) * GAP);
  const at = left / (width * (1 + GAP));
  const bar = Math.floor(at);
  return (at - bar) * (1 + GAP) < 1 && 1 - top <= STEPS[bar];
}

function pixels(side) {
  const row = 1 + side * 3;
  const bytes = Buffer.alloc(row * side);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const colour = isMark((x + 0.5) / side, (y + 0.5) / side) ? BARS : GROUND;
      bytes.set(colour, y * row + 1 + x * 3);
    }
  }
  return bytes;
}

function piece(type, data) {
  const named = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** 8 bits for each of red, green and blue (PNG, ISO/IEC 15948, section 11.2.2). */
function png(side) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    piece('IHDR', header),
    piece('IDAT', deflateSync(pixels(side), { level: 9 })),
    piece('IEND', Buffer.alloc(0)),
  ]);
}

for (const side of ICONS) writeFileSync(join(process.argv[2], `${side}.png`), png(side));
