import { sha256 } from '@winnow/files';
import { isPluginName } from '@winnow/plugin-api';
import * as z from 'zod';
import { ABLATION_NAMES } from './ablations.ts';
import { canonicalJson } from './canonical-json.ts';
import { fineTune } from './fine-tune.ts';
import {
  type RecordedComponent,
  assertResolvesAlike,
  recordedComponent,
} from './recorded-component.ts';
import { FORMAT } from './store/format.ts';

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

const plugin = z.strictObject({
  name: z.string().refine(isPluginName),
  specifier: z.string(),
  version: z.string().exactOptional(),
  sha256: z.string(),
  /** What of the run it brings; not known of runs that recorded every plugin that was there. */
  brings: z.array(z.enum(['method', 'objective', 'model', 'dataset', 'backend'])).exactOptional(),
});

/** Everything that is needed to repeat a run: `config.json`. */
export const runConfig = z.strictObject({
  format: z.literal(FORMAT),
  method: recordedComponent.extend({
    /** Of the files that its options name, for a method of which they decide the ticket. */
    checksum: z.string().exactOptional(),
  }),
  /** Of methods that follow one. */
  objective: recordedComponent.exactOptional(),
  model: recordedComponent,
  dataset: recordedComponent.extend({
    checksum: z.string(),
    /** Where it was computed from the training images, or given. */
    normalization: z
      .strictObject({ mean: z.array(z.number()), std: z.array(z.number()) })
      .optional(),
  }),
  input: z.strictObject({ height: z.number(), width: z.number(), channels: z.number() }),
  classes: z.number().int(),
  density: z.number(),
  /** Patterns of prunable parameters that are left out of pruning. */
  leaveOut: z.array(z.string()).exactOptional(),
  /** Densities of layers that have one of their own, by patterns of parameters. */
  layerDensities: z.record(z.string(), z.number()).exactOptional(),
  /** What a sanity check makes of the ticket of the run two folders up. */
  ablation: z.enum(ABLATION_NAMES).exactOptional(),
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  start: z.enum(['init', 'rewind']),
  /** Epochs of dense training before the start point; 0 for `init`. */
  rewindEpochs: z.number().int().min(0),
  /** The weights at the start point, where they come from a file; the hash is that of a ticket's provenance. */
  startWeights: z.strictObject({ path: z.string(), hash: z.string() }).exactOptional(),
  recipe,
  fineTune: fineTune.exactOptional(),
  /** Epochs of training after which the network is evaluated on the validation images; not at all where left out. */
  validateEvery: z.number().int().positive().exactOptional(),
  backend: z.string(),
  plugins: z.array(plugin),
  versions: z.record(z.string(), z.string()),
});

/** `config.json` as it is read. */
export type RunConfig = z.output<typeof runConfig>;

/** A component by what its options resolved to, however they were given. */
export function withoutGiven<R extends RecordedComponent>({ given, ...rest }: R): Omit<R, 'given'> {
  return rest;
}

/** Plugins are told apart by their code, not by where it lies. */
export function pluginCode(plugins: RunConfig['plugins']): unknown {
  return plugins
    .map(({ name, sha256 }) => ({ name, sha256 }))
    .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b), 'en'));
}

/** What two starts of the same run agree on. */
export function comparable(config: RunConfig) {
  const { versions, validateEvery, ...deciding } = config;
  const { method, objective, model, dataset, plugins, startWeights, ...rest } = deciding;
  return {
    // First, as defaults of others follow from them.
    dataset: withoutGiven(dataset),
    model: withoutGiven(model),
    method: withoutGiven(method),
    ...(objective && { objective: withoutGiven(objective) }),
    ...rest,
    // Where two patterns name one layer, the later one counts.
    ...(rest.layerDensities && { layerOrder: Object.keys(rest.layerDensities) }),
    ...(startWeights ? { startWeights: startWeights.hash } : {}),
    plugins: pluginCode(plugins),
  };
}

/** SHA-256 of what decides the numbers of a run: two folders with the same one hold the same run. */
export function runIdentity(config: RunConfig): string {
  return sha256(canonicalJson(comparable(config))!);
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
  return walk(comparable(before), comparable(now), '');
}

/** Throws OPTIONS_CHANGED where the same options of a component have come to mean something else. */
export function assertComponentsUnchanged(before: RunConfig, now: RunConfig): void {
  assertResolvesAlike('pruner', before.method, now.method);
  assertResolvesAlike('model', before.model, now.model);
  assertResolvesAlike('dataset', before.dataset, now.dataset);
  if (before.objective && now.objective)
    assertResolvesAlike('objective', before.objective, now.objective);
}
