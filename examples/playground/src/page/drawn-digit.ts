/** A point of a stroke, in any unit. */
export type Point = readonly [x: number, y: number];
export type Stroke = readonly Point[];

/** The digits' own bitmaps are 32 × 32, and each pixel of theirs counts the ink of 4 × 4 of these. */
const BITMAP = 32;
const BLOCK = 4;
export const SIDE = BITMAP / BLOCK;
/** Half of a pen's width, in pixels of the bitmap. */
const PEN = 2;
/** A digit no wider than it is high, as a stroke straight across would be. */
const WIDEST = BITMAP;

function bounds(points: readonly Point[]) {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

function distanceTo([px, py]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / length));
  return Math.hypot(px - ax - t * dx, py - ay - t * dy);
}

/**
 * Strokes as one of the digits: fitted to the height of a bitmap of 32 × 32, in its middle, and counted in blocks of 4 × 4,
 * as its makers did (NIST's normalisation; UCI, Optical Recognition of Handwritten Digits). Gives 8 × 8 numbers from 0 to 1,
 * row by row.
 */
export function drawnDigit(strokes: readonly Stroke[]): Float32Array {
  const pixels = new Float32Array(SIDE * SIDE);
  const points = strokes.flat();
  if (points.length === 0) return pixels;
  const box = bounds(points);
  const room = BITMAP - 2 * PEN;
  const scale = Math.min(room / (box.height || 1e-9), (WIDEST - 2 * PEN) / (box.width || 1e-9));
  const fit = ([x, y]: Point): Point => [
    BITMAP / 2 + (x - box.left - box.width / 2) * scale,
    BITMAP / 2 + (y - box.top - box.height / 2) * scale,
  ];
  const fitted = strokes.map((stroke) => stroke.map(fit));
  const isInk = (at: Point) =>
    fitted.some((stroke) =>
      stroke.some((point, i) => distanceTo(at, stroke[Math.max(0, i - 1)]!, point) <= PEN),
    );
  for (let y = 0; y < BITMAP; y++)
    for (let x = 0; x < BITMAP; x++)
      if (isInk([x + 0.5, y + 0.5]))
        pixels[Math.floor(y / BLOCK) * SIDE + Math.floor(x / BLOCK)]! += 1 / BLOCK ** 2;
  return pixels;
}
