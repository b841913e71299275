// A cover for music that has none: four steps like the quality ladder, their heights and colours
// drawn from the title, so that one album always looks the same. Pure.

/** FNV-1a, 32 bit: small and well mixed for short texts. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  return (value ^ (value >>> 15)) >>> 0;
}

export interface Art {
  readonly ground: string;
  readonly bars: readonly { readonly x: number; readonly height: number; readonly fill: string }[];
  readonly initial: string;
}

const HUES = [168, 120, 95, 60, 30, 200, 235, 345] as const;
const BARS = 7;

export function artOf(title: string): Art {
  const seed = hash(title);
  const hue = HUES[seed % HUES.length] ?? 168;
  const dark = ((seed >>> 3) & 1) === 1;
  const second = (hue + 40 + ((seed >>> 4) % 3) * 60) % 360;
  const bars = Array.from({ length: BARS }, (_, index) => {
    const bits = hash(`${title}/${index}`);
    const tone = dark ? 0.5 + (bits % 4) * 0.11 : 0.35 + (bits % 4) * 0.11;
    const shade = (bits >>> 2) % 5 === 0 ? second : hue;
    return {
      x: index,
      height: 2 + ((bits >>> 5) % 9),
      fill: `oklch(${tone.toFixed(2)} ${dark ? 0.11 : 0.09} ${shade})`,
    };
  });
  const ground = dark ? `oklch(0.27 0.05 ${hue})` : `oklch(0.88 0.06 ${hue})`;
  return { ground, bars, initial: [...title.trim()][0]?.toLocaleUpperCase() ?? '' };
}
