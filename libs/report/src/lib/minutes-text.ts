/** Two decimals, or where these say little two digits: `26.62`, `0.50`, `0.0013`. */
export function minutesText(minutes: number): string {
  return Math.abs(minutes) < 0.1 ? String(Number(minutes.toPrecision(2))) : minutes.toFixed(2);
}
