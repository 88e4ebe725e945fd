import { percent } from './percent.ts';

/**
 * How the ticks of a linear axis are told, which go from small to large: by `format`, or where its digits are too few to
 * tell them apart, with the decimals of their step; in percent where they are shares.
 */
export function tickText(
  ticks: readonly number[],
  format: (value: number) => string,
  isShare = false,
): (value: number) => string {
  const [first, second] = ticks;
  if (second === undefined) return format;
  const step = second - first!;
  // With some beyond: two that digits are too few for may be rounded apart.
  const near = Array.from({ length: ticks.length + 3 }, (_, i) => first! + i * step);
  if (new Set(near.map(format)).size === near.length) return format;
  // Steps are 1, 2 or 5 times a power of ten, but for a rounding.
  const decimals = Math.max(0, Math.ceil(-Math.log10(isShare ? 100 * step : step) - 1e-6));
  if (isShare) return (value) => percent(value, decimals);
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return (value) => value.toLocaleString('en-US', digits).replace('-', '−');
}
