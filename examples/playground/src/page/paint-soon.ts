/** Of a frame, which has 16 ms, what painting may take. */
const BUDGET_MS = 5;

/** What waits, by what it paints; a later painting of the same takes the place of an earlier one, in its turn. */
const waiting = new Map<object, () => void>();
let isAsked = false;

function ask(): void {
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(paint);
}

function paint(): void {
  isAsked = false;
  const begun = performance.now();
  for (const [canvas, job] of waiting) {
    waiting.delete(canvas);
    job();
    if (performance.now() - begun > BUDGET_MS) break;
  }
  if (waiting.size > 0) ask();
}

/** Paints in one of the next frames, so that no frame is late. */
export function paintSoon(canvas: object, job: () => void): void {
  waiting.set(canvas, job);
  ask();
}

/** Forgets what waits for a canvas that is gone. */
export function forgetPainting(canvas: object): void {
  waiting.delete(canvas);
}
