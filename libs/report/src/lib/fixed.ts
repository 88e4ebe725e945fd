/** A number with so many decimals; what rounds to 0 has no sign. */
export const fixed = (value: number, decimals: number) =>
  value.toFixed(decimals).replace(/^-(?=[0.]+$)/, '');
