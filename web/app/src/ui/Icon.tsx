// The app's few icons, drawn on a 20 x 20 grid with one stroke.

const PATHS = {
  play: 'M6 3.6v12.8L16.5 10z',
  pause: 'M5 3.5h3.5v13H5zM11.5 3.5H15v13h-3.5z',
  next: 'M3.5 4v12l8.5-6zM14 4h2.5v12H14z',
  previous: 'M16.5 4v12L8 10zM3.5 4H6v12H3.5z',
} as const;

const STROKES = {
  volume: 'M3 7.5v5h3l4.5 3.5V4L6 7.5zM13.5 7a4.2 4.2 0 0 1 0 6M15.8 4.7a7.5 7.5 0 0 1 0 10.6',
  muted: 'M3 7.5v5h3l4.5 3.5V4L6 7.5zM13.5 7.5l5 5M18.5 7.5l-5 5',
  queue: 'M3 5h14M3 9.5h9M3 14h6M13.5 12v5.5l4-2.75z',
  search: 'M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM13.2 13.2 17.5 17.5',
  albums: 'M3.5 3.5h13v13h-13zM10 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  artists: 'M10 3a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM3.5 17c.6-3.2 3.2-5 6.5-5s5.9 1.8 6.5 5',
  tracks:
    'M7.5 14.5V4l9-1.5V13M7.5 14.5a2.3 2.3 0 1 1-4.6 0 2.3 2.3 0 0 1 4.6 0zM16.5 13a2.3 2.3 0 1 1-4.6 0 2.3 2.3 0 0 1 4.6 0z',
  settings:
    'M3 6h7.5M14.5 6H17M3 14h2.5M9.5 14H17M12.5 4a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM7.5 12a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
  stats: 'M3 16.5h14M5 13V9.5M9 13V4M13 13V7.5M17 13v-2',
  listening:
    'M3 13.5v-3a7 7 0 0 1 14 0v3M3 12h3v5H4.5A1.5 1.5 0 0 1 3 15.5zM17 12h-3v5h1.5a1.5 1.5 0 0 0 1.5-1.5z',
  reference: 'M7 5 2.5 10 7 15M13 5l4.5 5-4.5 5',
  offline: 'M10 3v9.5M6 8.5l4 4 4-4M3.5 16.5h13',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  close: 'M4.5 4.5l11 11M15.5 4.5l-11 11',
  down: 'M4.5 7.5 10 13l5.5-5.5',
  up: 'M4.5 12.5 10 7l5.5 5.5',
} as const;

export type IconName = keyof typeof PATHS | keyof typeof STROKES;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  const isSolid = name in PATHS;
  const path = { ...PATHS, ...STROKES }[name];
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" fill="none">
      <path
        d={path}
        fill={isSolid ? 'currentColor' : 'none'}
        stroke={isSolid ? 'none' : 'currentColor'}
        strokeWidth={name === 'more' ? 2.4 : 1.5}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
