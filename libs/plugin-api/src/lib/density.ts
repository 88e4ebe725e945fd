import { WinnowError } from './winnow-error.ts';

/** Throws BAD_DENSITY unless κ lies in (0, 1]. */
export function checkDensity(density: number): void {
  const isNumber = typeof density === 'number';
  if (isNumber && density > 0 && density <= 1) return;
  // Of plain JavaScript, a text that compares like a number may come.
  const told = isNumber
    ? String(density)
    : `${JSON.stringify(density)}, of type ${typeof density},`;
  throw new WinnowError('BAD_DENSITY', `Density ${told} is not above 0 and at most 1.`, {
    hint: 'Give the fraction of weights to keep: 0.01 for 99 % sparse.',
  });
}

const densitiesIn = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(densitiesIn) : [value];

/** Whether an error is BAD_DENSITY or EMPTY_TICKET of this density, or of one in this list or map. */
export function refusesDensity({ code, sentence }: WinnowError, value: unknown): boolean {
  if (code !== 'BAD_DENSITY' && code !== 'EMPTY_TICKET') return false;
  const [, refused] = /\bdensity (\S+)/i.exec(sentence) ?? [];
  return refused !== undefined && densitiesIn(value).includes(Number(refused));
}

/** What "0.7%" is as a fraction; nothing of other texts. */
export function fractionOfPercent(text: unknown): number | undefined {
  const [, percent] = /^\s*(\d*\.?\d+)\s*%\s*$/.exec(String(text)) ?? [];
  // Without the rounding of the division.
  return percent === undefined ? undefined : Number((Number(percent) / 100).toPrecision(12));
}

// 0.29 · 100 is 28.999999999999996 in float64. The tolerance also covers 0.8^42, which carries 42 times the error of 0.8.
const ROUNDING = 64 * Number.EPSILON;

/** ⌊κd⌋, the number of weights that a ticket of density κ keeps of d. Throws BAD_DENSITY, or EMPTY_TICKET where it is 0. */
export function keptCount(density: number, size: number): number {
  checkDensity(density);
  const kept = Math.floor(density * size * (1 + ROUNDING));
  if (kept > 0) return kept;
  throw new WinnowError(
    'EMPTY_TICKET',
    `Density ${density} of ${size} prunable weights keeps ⌊κd⌋ = 0 of them.`,
    size > 0 ? { hint: `Give at least ${smallestDensity(size)}, which keeps one.` } : {},
  );
}

/** 1/size, rounded up to three digits so that it still keeps one when typed in. */
function smallestDensity(size: number): number {
  const scale = 10 ** (2 - Math.floor(Math.log10(1 / size)));
  return Math.ceil(scale / size) / scale;
}
