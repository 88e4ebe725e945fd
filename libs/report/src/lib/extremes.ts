/** As `Math.min(...values)`, for which the values of many runs or steps would be too many arguments. */
export const leastOf = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.min(a, b), Infinity);

/** As `Math.max(...values)`, likewise. */
export const mostOf = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.max(a, b), -Infinity);
