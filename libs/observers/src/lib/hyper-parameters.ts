import type { ObservedRun } from '@winnow/plugin-api';

type Value = string | number | boolean;

/** What of a configuration nobody chose, what says the same once more, and what is of one machine. */
const LEFT_OUT = new Set([
  'format',
  'versions',
  'plugins',
  'given',
  'checksum',
  'normalization',
  'startWeights.path',
]);

function collect(name: string, value: unknown, into: Map<string, Value>): void {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    into.set(name, value);
  } else if (Array.isArray(value)) {
    into.set(name, JSON.stringify(value));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      const path = name ? `${name}.${key}` : key;
      if (LEFT_OUT.has(key) || LEFT_OUT.has(path)) continue;
      // A component is called by its name, and has its options below it.
      const isOwn = name !== '' && (key === 'name' || key === 'options');
      collect(isOwn ? name : path, inner, into);
    }
  }
}

/** What was chosen of a run, by names such as `method`, `method.searchEpochs`, `density` and `recipe.epochs`. */
export function hyperParameters(config: ObservedRun['config']): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>();
  collect('', config, found);
  return found;
}
