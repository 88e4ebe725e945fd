import type { ObservedRun } from '@winnow/plugin-api';

type Value = string | number | boolean;

/** What of a configuration nobody chose, what says the same once more, and what is of one machine. */
const LEFT_OUT =
  /^(?:format|checksum|versions|plugins|startWeights\.path|dataset\.normalization|(?:method|objective|model|dataset)\.(?:given|checksum))$/;

/** What is called by its name, and has its options below it. */
const OWN = /^(?:method|objective|model|dataset|recipe)\.(?:name|options)$/;

/** `path` is where a value stands in the configuration, `name` what it is called. */
function collect(path: string, name: string, value: unknown, into: Map<string, Value>): void {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    into.set(name, value);
  } else if (Array.isArray(value)) {
    into.set(name, JSON.stringify(value));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      const below = (outer: string) => (outer ? `${outer}.${key}` : key);
      const at = below(path);
      if (!LEFT_OUT.test(at)) collect(at, OWN.test(at) ? name : below(name), inner, into);
    }
  }
}

/** What was chosen of a run, by names such as `method`, `method.searchEpochs`, `density` and `recipe.epochs`. */
export function hyperParameters(config: ObservedRun['config']): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>();
  collect('', '', config, found);
  return found;
}
