/** A fraction as text: `0.8833` → `88.3 %`. */
export function percent(fraction: number, decimals = 1): string {
  return `${(fraction * 100).toFixed(decimals)} %`;
}

/** The share of weights kept, to three significant digits: `0.00249` → `0.249 %`. */
export function densityText(density: number): string {
  return percent(density, densityDecimals(density));
}

/** The share of weights removed, with the digits that tell it from 100 %: `0.00249` → `99.751 %`. */
export function sparsityText(density: number): string {
  return percent(1 - density, densityDecimals(density));
}

function densityDecimals(density: number): number {
  const [digits, exponent] = Number(density * 100)
    .toExponential(2)
    .split('e');
  const significant = digits!.replace(/\.?0+$/, '').replace('.', '').length;
  return Math.max(0, significant - 1 - Number(exponent));
}
