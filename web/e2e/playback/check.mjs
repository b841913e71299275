// Collects what was expected and what came, so that one failure hides no other.

export function createChecks() {
  const results = [];
  const shown = [];
  const check = (what, ok, got) => void results.push({ what, ok: Boolean(ok), got });
  return {
    results,
    /** Measured, for people. */
    shown,
    figure: (what, value) => void shown.push([what, value]),
    check,
    /** No stall, no click, no gap. */
    unbroken(found) {
      check('no stall', found.stalls === 0 && found.standstills.length === 0, {
        stalls: found.stalls,
        standstills: found.standstills,
      });
      this.clean(found);
    },
    /** No click, no gap. */
    clean(found) {
      check('no click', found.clicks.length === 0, found.clicks);
      check('no gap', found.gaps.length === 0, found.gaps);
    },
  };
}
