// The look of player and figures: every class begins with `qsp-`, every colour is a variable, and
// text colour and typeface come from the page, light or dark.

export const PLAYER_CSS = `
.qsp-player, .qsp-stats {
  --qsp-line: var(--quicksync-line, color-mix(in srgb, currentColor 22%, transparent));
  --qsp-soft: color-mix(in srgb, currentColor 7%, transparent);
  --qsp-quiet: color-mix(in srgb, currentColor 72%, transparent);
  --qsp-accent: var(--quicksync-accent, #4b6bfb);
  --qsp-poor: var(--quicksync-poor, #e02424);
  --qsp-radius: var(--quicksync-radius, .75rem);
  --qsp-low: var(--quicksync-low, #c27803);
  --qsp-medium: var(--quicksync-medium, #2f7fd1);
  --qsp-high: var(--quicksync-high, #1f9d55);
  --qsp-ultra: var(--quicksync-ultra, #8b5cf6);
  container-type: inline-size; display: grid; gap: .75rem; font: inherit; color: inherit;
}
.qsp-player { border: 1px solid var(--qsp-line); border-radius: var(--qsp-radius); padding: 1rem; }
.qsp-player *, .qsp-stats * { box-sizing: border-box; }
.qsp-title { font-weight: 600; margin: 0; overflow-wrap: anywhere; }
.qsp-artist { font-weight: 400; color: var(--qsp-quiet); }
.qsp-row { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; }
.qsp-transport, .qsp-volume { display: flex; gap: .25rem; align-items: center; }
.qsp-button { font: inherit; color: inherit; background: none; border: 0; border-radius: 50%; width: 2.75rem; height: 2.75rem; padding: .625rem; cursor: pointer; }
.qsp-button:hover:not(:disabled) { background: var(--qsp-soft); }
.qsp-button:disabled { opacity: .45; cursor: default; }
.qsp-icon { display: block; width: 1.5rem; height: 1.5rem; }
.qsp-button:focus-visible, .qsp-slider:focus-visible, .qsp-select:focus-visible { outline: 2px solid var(--qsp-accent); outline-offset: 2px; }
.qsp-seek { display: flex; gap: .75rem; align-items: center; }
.qsp-time { font-size: .875rem; font-variant-numeric: tabular-nums; color: var(--qsp-quiet); min-width: 2.75rem; }
.qsp-track { position: relative; flex: 1; display: flex; align-items: center; min-height: 1.5rem; }
.qsp-range { position: absolute; inset-block-end: 0; height: .1875rem; border-radius: .1875rem; background: var(--qsp-tint); pointer-events: none; }
.qsp-slider { width: 100%; min-height: 1.5rem; margin: 0; accent-color: var(--qsp-accent); cursor: pointer; }
.qsp-volume .qsp-slider { width: 6rem; }
.qsp-quality { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; }
.qsp-badge { border: 1px solid var(--qsp-line); border-inline-start: .375rem solid var(--qsp-tint); border-radius: .375rem; padding: .125rem .5rem; font-size: .875rem; font-variant-numeric: tabular-nums; }
.qsp-range[data-quality='low'], .qsp-badge[data-quality='low'] { --qsp-tint: var(--qsp-low); }
.qsp-range[data-quality='medium'], .qsp-badge[data-quality='medium'] { --qsp-tint: var(--qsp-medium); }
.qsp-range[data-quality='high'], .qsp-badge[data-quality='high'] { --qsp-tint: var(--qsp-high); }
.qsp-range[data-quality='ultra'], .qsp-badge[data-quality='ultra'] { --qsp-tint: var(--qsp-ultra); }
.qsp-mode { font-size: .875rem; color: var(--qsp-quiet); margin-inline-start: auto; }
.qsp-select { font: inherit; color: inherit; background: var(--quicksync-field, Canvas); color: var(--quicksync-field-text, CanvasText); border: 1px solid var(--qsp-line); border-radius: .5rem; padding: .375rem .5rem; min-height: 2.25rem; }
.qsp-reason, .qsp-alert { flex-basis: 100%; margin: 0; font-size: .875rem; color: var(--qsp-quiet); }
.qsp-alert { border: 1px solid var(--qsp-poor); border-radius: .5rem; padding: .5rem .75rem; color: inherit; }
.qsp-spoken { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0; }
.qsp-heading { font-size: .875rem; font-weight: 600; margin: 0; padding: 0; }
.qsp-figures { display: grid; gap: .5rem; margin: 0; grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr)); }
.qsp-figures dt { color: var(--qsp-quiet); font-size: .8125rem; }
.qsp-figures dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
.qsp-chart { display: block; width: 100%; height: 5rem; border-block-end: 1px solid var(--qsp-line); }
.qsp-chart path { fill: none; stroke: var(--qsp-accent); stroke-width: 2; vector-effect: non-scaling-stroke; }
.qsp-chart .qsp-steps { stroke: currentColor; stroke-dasharray: 4 2; }
.qsp-legend { margin: 0; font-size: .8125rem; color: var(--qsp-quiet); }
.qsp-decisions { margin: 0; padding-inline-start: 1.25rem; font-size: .875rem; color: var(--qsp-quiet); }
`;
