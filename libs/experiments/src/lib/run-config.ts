import { z } from 'zod';
import { ABLATION_NAMES } from './ablations.ts';

const options = z.record(z.string(), z.unknown());

const recipe = z.strictObject({
  name: z.enum(['standard', 'authors']),
  learningRate: z.number().positive(),
  epochs: z.number().int().positive(),
  dropEpochs: z.array(z.number()),
  warmupEpochs: z.number().min(0),
  weightDecay: z.number().min(0),
  batchSize: z.number().int().min(2),
  momentum: z.number().min(0).lt(1),
  clipNorm: z.number().positive(),
});

/** The name of the method that keeps every weight. */
export const DENSE = 'dense';

/** A plugin as a run records it; earlier versions of Winnow knew no more than what `--plugin` named. */
const plugin = z.union([
  z.strictObject({
    name: z.string(),
    specifier: z.string(),
    version: z.string().exactOptional(),
    sha256: z.string(),
  }),
  z.string().transform((specifier) => ({ specifier })),
  z.strictObject({ specifier: z.string() }),
]);

/** Everything that is needed to repeat a run: `config.json`. */
export const runConfig = z.strictObject({
  format: z.literal(1),
  method: z.string(),
  methodOptions: options,
  model: z.strictObject({ name: z.string(), options }),
  dataset: z.strictObject({
    name: z.string(),
    options,
    checksum: z.string(),
    /** Where it was computed from the training images. */
    normalization: z
      .strictObject({ mean: z.array(z.number()), std: z.array(z.number()) })
      .optional(),
  }),
  input: z.strictObject({ height: z.number(), width: z.number(), channels: z.number() }),
  classes: z.number().int(),
  density: z.number(),
  /** What a sanity check makes of the ticket of the run two folders up. */
  ablation: z.enum(ABLATION_NAMES).exactOptional(),
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  start: z.enum(['init', 'rewind']),
  /** Epochs of dense training before the start point; 0 for `init`. */
  rewindEpochs: z.number().int().min(0),
  /** The weights at the start point, where they come from a file; the hash is that of a ticket's provenance. */
  startWeights: z.strictObject({ path: z.string(), hash: z.string() }).exactOptional(),
  recipe,
  backend: z.string(),
  plugins: z.array(plugin),
  versions: z.record(z.string(), z.string()),
});

/** `config.json` as it is read. */
export type RunConfig = z.output<typeof runConfig>;

/** Where data lie may change between two starts of a run; what they are may not, and the checksum sees to that. */
const PLACES = ['dataDir', 'path'];

/** The options of a data set that say which data they are. */
export function dataOptions({ dataset }: RunConfig): Readonly<Record<string, unknown>> {
  const kept = Object.entries(dataset.options).filter(([name]) => !PLACES.includes(name));
  return Object.fromEntries(kept);
}

/** Plugins are told apart by their code, not by where it lies. */
function pluginCode({ plugins }: RunConfig): unknown {
  return plugins
    .map((plugin) => ('name' in plugin ? { name: plugin.name, sha256: plugin.sha256 } : plugin))
    .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b), 'en'));
}

/** What two starts of the same run agree on. */
export function comparable(config: RunConfig): unknown {
  const { versions, dataset, plugins, startWeights, ...rest } = config;
  return {
    ...rest,
    ...(startWeights ? { startWeights: startWeights.hash } : {}),
    dataset: { ...dataset, options: dataOptions(config) },
    plugins: pluginCode(config),
  };
}

/** The path and the two values of the first thing in which two configurations differ, where that changes the result. */
export function firstDifference(
  before: RunConfig,
  now: RunConfig,
): { readonly path: string; readonly before: unknown; readonly now: unknown } | undefined {
  const walk = (a: unknown, b: unknown, path: string): ReturnType<typeof firstDifference> => {
    const nested = (v: unknown): v is Record<string, unknown> =>
      typeof v === 'object' && v !== null;
    if (!nested(a) || !nested(b)) {
      return Object.is(a, b) ? undefined : { path, before: a, now: b };
    }
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const found = walk(a[key], b[key], path ? `${path}.${key}` : key);
      if (found) return found;
    }
    return undefined;
  };
  // Nothing is known of the code that earlier versions recorded by its place alone.
  const known = [before, now].every(({ plugins }) => plugins.every((plugin) => 'name' in plugin));
  const told = (one: RunConfig) => comparable(known ? one : { ...one, plugins: [] });
  return walk(told(before), told(now), '');
}
