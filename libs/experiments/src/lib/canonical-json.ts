/** JSON of one order of keys: values that differ in that alone are alike in it. */
export function canonicalJson(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) ? sortedByName(part) : part,
  );
}

/** The same entries, by name. */
export function sortedByName<T>(entries: Readonly<Record<string, T>>): Record<string, T>;
export function sortedByName(entries: object): object;
export function sortedByName(entries: object): object {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
}
