/** `cts (kl)`, or `snip` where a method has no objective. */
export function methodLabel({
  method,
  objective,
}: {
  readonly method: string;
  readonly objective?: string | undefined;
}): string {
  return objective === undefined ? method : `${method} (${objective})`;
}
