// The panel's own look: every class begins with `qss-`, every colour is a variable, and text colour
// and typeface come from the page, light or dark.

import { useStyles } from '../styles/useStyles.ts';

const CSS = `
.qss-panel {
  --qss-line: color-mix(in srgb, currentColor 22%, transparent);
  --qss-soft: color-mix(in srgb, currentColor 7%, transparent);
  --qss-quiet: color-mix(in srgb, currentColor 72%, transparent);
  --qss-accent: var(--quicksync-accent, #4b6bfb);
  --qss-good: var(--quicksync-good, #1f9d55);
  --qss-fair: var(--quicksync-fair, #c27803);
  --qss-poor: var(--quicksync-poor, #e02424);
  container-type: inline-size; display: grid; gap: 1.5rem; font: inherit; color: inherit;
}
.qss-panel *, .qss-panel *::before { box-sizing: border-box; }
.qss-section { border: 0; margin: 0; padding: 0; min-width: 0; display: grid; gap: .75rem; }
.qss-heading { font-size: 1rem; font-weight: 600; margin: 0; padding: 0; }
.qss-quiet { color: var(--qss-quiet); font-size: .875rem; margin: 0; }
.qss-cards { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); }
.qss-card { border: 1px solid var(--qss-line); border-radius: .75rem; padding: .875rem 1rem; display: grid; gap: .25rem; align-content: start; }
.qss-figure { font-size: 1.375rem; font-weight: 600; font-variant-numeric: tabular-nums; margin: 0; }
.qss-status { display: inline-flex; align-items: center; gap: .5rem; font-size: .875rem; margin: 0; }
.qss-status::before { content: ''; width: .625rem; height: .625rem; border-radius: 50%; background: var(--qss-tone); flex: none; }
.qss-status[data-tone='fair']::before { border-radius: 2px; transform: rotate(45deg); }
.qss-status[data-tone='poor']::before { border-radius: 2px; }
.qss-status[data-tone='good'] { --qss-tone: var(--qss-good); }
.qss-status[data-tone='fair'] { --qss-tone: var(--qss-fair); }
.qss-status[data-tone='poor'] { --qss-tone: var(--qss-poor); }
.qss-modes { display: grid; gap: .5rem; grid-template-columns: repeat(2, minmax(0, 1fr)); }
.qss-modes > :first-child { grid-column: 1 / -1; }
@container (min-width: 40rem) { .qss-modes { grid-template-columns: repeat(5, minmax(0, 1fr)); } .qss-modes > :first-child { grid-column: auto; } }
.qss-option { display: flex; gap: .625rem; align-items: flex-start; border: 1px solid var(--qss-line); border-radius: .75rem; padding: .75rem; cursor: pointer; }
.qss-option:hover { background: var(--qss-soft); }
.qss-option:has(:checked) { border-color: var(--qss-accent); box-shadow: inset 0 0 0 1px var(--qss-accent); }
.qss-option:has(:focus-visible), .qss-button:focus-visible { outline: 2px solid var(--qss-accent); outline-offset: 2px; }
.qss-option input { margin: .2rem 0 0; accent-color: var(--qss-accent); flex: none; width: 1rem; height: 1rem; }
.qss-name { display: block; font-weight: 600; }
.qss-detail { display: block; color: var(--qss-quiet); font-size: .8125rem; }
.qss-list { display: grid; gap: .5rem; margin: 0; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); }
.qss-list div { border-top: 1px solid var(--qss-line); padding-top: .5rem; }
.qss-list dt { color: var(--qss-quiet); font-size: .8125rem; }
.qss-list dd { margin: 0; font-variant-numeric: tabular-nums; }
.qss-row { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: center; }
.qss-button { font: inherit; font-weight: 600; color: inherit; background: var(--qss-soft); border: 1px solid var(--qss-line); border-radius: .625rem; padding: .5rem 1rem; min-height: 2.75rem; cursor: pointer; }
.qss-button:hover:not(:disabled) { border-color: currentColor; }
.qss-button:disabled { opacity: .6; cursor: default; }
.qss-alert { border: 1px solid var(--qss-poor); border-radius: .75rem; padding: .75rem 1rem; margin: 0; }
`;

export const usePanelStyles = (): void => useStyles(CSS);
