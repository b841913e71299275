// What is not needed to draw the page waits until it has been drawn.

/** A page in the background is not drawn at all. */
const PATIENCE_MS = 1500;

/** Resolves after the next frame is on the screen. */
export const afterPaint = (): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        clearTimeout(timer);
        // Behind whatever the frame itself has set going.
        setTimeout(resolve, 0);
      }),
    );
  });
