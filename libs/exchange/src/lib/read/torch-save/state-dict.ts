import { dimensionsOf } from './described-tensor.ts';
import { Made, Named } from './pickled.ts';
import { SAVE_STATE_DICT, Unfit, shortened } from './unfit.ts';

/** Tensors by name, as a pickle describes them. */
export type StateDict = ReadonlyMap<string, unknown>;

interface Found {
  /** By which keys it was reached. */
  readonly path: readonly string[];
  readonly tensors: StateDict;
}

const MOST_DEPTH = 8;
const MOST_NAMED = 8;
/** Of a convolution or a linear layer; a loss, running statistics or a state of random numbers has fewer. */
const WEIGHT_DIMENSIONS = 2;

/** Dictionaries that hold tensors by name, reached by names alone: the state of an optimiser has numbers. */
function* dictionariesIn(
  value: unknown,
  path: readonly string[] = [],
  seen = new Set<unknown>(),
): Generator<Found> {
  if (!(value instanceof Map) || seen.has(value) || path.length > MOST_DEPTH) return;
  seen.add(value);
  const named = [...value].filter(
    (entry): entry is [string, unknown] => typeof entry[0] === 'string',
  );
  const tensors = new Map(named.filter(([, item]) => dimensionsOf(item) !== undefined));
  if (tensors.size > 0) yield { path, tensors };
  for (const [key, item] of named) yield* dictionariesIn(item, [...path, key], seen);
}

/** As Python reaches it from what was saved. */
const pathText = (path: readonly string[]) =>
  path.map((key) => `[${JSON.stringify(shortened(key))}]`).join('');

function nothingIn(value: unknown): Unfit {
  if (dimensionsOf(value) !== undefined) {
    return new Unfit(
      'holds one tensor without a name',
      "In PyTorch: torch.save({'fc.weight': tensor}, 'weights.pth').",
    );
  }
  const inside: [unknown, unknown][] = value instanceof Map ? [...value] : [['', value]];
  const objects = inside.flatMap(([key, item]) =>
    typeof key === 'string' && item instanceof Made && item.by instanceof Named
      ? [{ key, type: item.by }]
      : [],
  );
  const object = objects.find(({ key }) => /model|net/i.test(key)) ?? objects[0];
  if (object) {
    const problem = `holds a Python object of class ${shortened(String(object.type))}, which would have to be run`;
    const within = object.key ? pathText([object.key]) : '';
    return new Unfit(
      problem,
      `In PyTorch, if you trust it: torch.save(torch.load('FILE', weights_only=False)${within}.state_dict(), 'weights.pth').`,
    );
  }
  return new Unfit('holds no dictionary with tensors by name', SAVE_STATE_DICT);
}

/**
 * The one dictionary of tensors in what was saved: itself, or within a checkpoint. Where there are several, only those with a
 * tensor of two or more dimensions count. Throws Unfit where there is none, or still not one.
 */
export function stateDictOf(saved: unknown): StateDict {
  const all = [...dictionariesIn(saved)];
  const isOfWeights = ({ tensors }: Found) =>
    [...tensors.values()].some((item) => dimensionsOf(item)! >= WEIGHT_DIMENSIONS);
  const weights = all.filter(isOfWeights);
  const [chosen, ...others] = weights.length > 0 ? weights : all;
  if (!chosen) throw nothingIn(saved);
  if (others.length === 0) return chosen.tensors;
  const places = [chosen, ...others].map(({ path }) => pathText(path) || 'its own tensors');
  const example = pathText(chosen.path) || pathText(others[0]!.path);
  const more = places.length > MOST_NAMED ? ', …' : '';
  throw new Unfit(
    `holds several dictionaries of tensors: ${places.slice(0, MOST_NAMED).join(', ')}${more}`,
    `In PyTorch: torch.save(torch.load('FILE')${example}, 'weights.pth').`,
  );
}
