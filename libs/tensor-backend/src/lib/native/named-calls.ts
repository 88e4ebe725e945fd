import type { Signatures } from './signature.ts';

type ByPosition = (...given: unknown[]) => unknown;
type ByName = (given: Readonly<Record<string, unknown>>) => unknown;

/** What the addon says of its operations, and the functions behind them. */
export interface AddonCalls {
  readonly calls: Readonly<Record<string, ByPosition>>;
  /** Kinds of arguments by name, in the order of their positions, and whether a number is returned. */
  readonly signatures: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Names of an enum's values, separated by commas, from 0 on. */
  readonly choices: Readonly<Record<string, string>>;
}

export const namesOf = (choices: AddonCalls['choices']): Record<string, readonly string[]> =>
  Object.fromEntries(Object.entries(choices).map(([name, values]) => [name, values.split(', ')]));

/** Names of calls whose signatures are not those of the addon. */
export function differences(signatures: Signatures, addon: AddonCalls): string[] {
  const names = new Set([...Object.keys(signatures), ...Object.keys(addon.signatures)]);
  const written = (signature: Readonly<Record<string, string>> | undefined) =>
    signature && Object.entries(signature).sort().join();
  return [...names].filter((name) => written(signatures[name]) !== written(addon.signatures[name]));
}

/** The addon's calls with named arguments, an enum's values among them by name. */
export function namedCalls({ calls, signatures, choices }: AddonCalls): Record<string, ByName> {
  const numbers = new Map(
    Object.entries(namesOf(choices)).map(([name, values]) => [
      name,
      new Map<unknown, number>(values.map((value, i) => [value, i])),
    ]),
  );
  const named = (name: string, call: ByPosition): ByName => {
    const { returns: _, ...kinds } = signatures[name]!;
    const names = Object.keys(kinds);
    const enums = Object.values(kinds).map((kind) => numbers.get(kind));
    return (given) =>
      call(...names.map((key, i) => (enums[i] ? enums[i].get(given[key]) : given[key])));
  };
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, named(name, call)]));
}
