/** "a and 3 more": a study may have thousands. */
export function firstOf([first, ...others]: readonly string[]): string {
  return others.length > 0 ? `${first} and ${others.length} more` : `${first}`;
}
