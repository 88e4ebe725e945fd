/** What a parameter is drawn from before training. */
export type Initializer =
  | { readonly kind: 'normal'; readonly std: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'constant'; readonly value: number };

const NUMBERS: Readonly<Record<Initializer['kind'], readonly string[]>> = {
  normal: ['std'],
  uniform: ['low', 'high'],
  constant: ['value'],
};

/** Whether it is of a known kind, with the numbers of that. */
export function isInitializer(initializer: unknown): initializer is Initializer {
  const fields = (initializer ?? {}) as Readonly<Record<string, unknown>>;
  const kind = Object.keys(NUMBERS).find((known) => known === fields['kind']);
  return (
    kind !== undefined &&
    NUMBERS[kind as Initializer['kind']].every((name) => Number.isFinite(fields[name]))
  );
}
