import { join } from 'node:path';
import {
  type RunConfig,
  type OpenDataset,
  type Replicate,
  RunFolder,
  planRun,
  tellRunsApart,
} from '@winnow/experiments';
import {
  type ComponentRegistry,
  type Dataset,
  type PluginRecord,
  WinnowError,
  optionFields,
} from '@winnow/plugin-api';
import { checkDensity, keptCount } from '@winnow/tickets';
import { type NamedRun, distinctFolders } from './run-folders.ts';
import type { TrainingFlags } from './training-flags.ts';
import { versions } from './version.ts';

export interface ComparisonRequest extends TrainingFlags {
  readonly dataset: string;
  /** NAME, or NAME:OBJECTIVE for a method that has one. */
  readonly methods: readonly string[];
  readonly densities: readonly number[];
  readonly seeds: readonly number[];
  /** Each method, the model and the data set take those that they have. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly plugins: readonly PluginRecord[];
  readonly backend: string;
  readonly out: string;
}

interface Contender {
  readonly method: string;
  readonly objective?: string;
  /** Names of its options. */
  readonly takes: ReadonlySet<string>;
}

function contender(text: string, registry: ComponentRegistry): Contender {
  const [method = '', objective, ...rest] = text.split(':');
  if (rest.length > 0) {
    throw new WinnowError('INVALID_OPTION', `Method "${text}" has more than one objective.`, {
      hint: 'Write NAME:OBJECTIVE.',
    });
  }
  const takes = new Set(
    optionFields(registry.get('pruner', method).options).map((field) => field.name),
  );
  if (objective === undefined) return { method, takes };
  if (takes.has('objective')) return { method, objective, takes };
  throw new WinnowError('INVALID_OPTION', `Method "${method}" has no objective ("${text}").`, {
    hint: `Write ${method} alone.`,
  });
}

/** Other methods' options are left out, which must then be some method's at least. */
function optionsOf(
  { objective, takes }: Contender,
  others: readonly Contender[],
  given: ComparisonRequest['options'],
): Record<string, unknown> {
  const foreign = (name: string) => !takes.has(name) && others.some((c) => c.takes.has(name));
  return {
    ...Object.fromEntries(Object.entries(given).filter(([name]) => !foreign(name))),
    ...(objective === undefined ? {} : { objective }),
  };
}

/** Opens the same data once. */
function openOnce(): OpenDataset {
  const opened = new Map<string, Promise<Dataset>>();
  return (descriptor, options) => {
    const key = JSON.stringify([descriptor.name, options]);
    const dataset = opened.get(key) ?? descriptor.open(options);
    opened.set(key, dataset);
    return dataset;
  };
}

/** A run for every method, density and seed, and the data set of all. Throws what `planRun` does. */
export async function planComparison(
  request: ComparisonRequest,
  registry: ComponentRegistry,
): Promise<{ readonly runs: readonly NamedRun[]; readonly dataset: Dataset }> {
  const { methods, densities, seeds, options, out } = request;
  const contenders = methods.map((text) => contender(text, registry));
  for (const density of densities) {
    checkDensity(density);
    if (density === 1) {
      throw new WinnowError('INVALID_OPTION', 'At density 1 there is nothing to search for.', {
        hint: 'Give densities below 1; the dense network is compared in any case.',
      });
    }
  }
  const runs: Replicate[] = [];
  const open = openOnce();
  let dataset: Dataset | undefined;
  for (const one of contenders) {
    const plan = await planRun(
      {
        ...request,
        method: one.method,
        density: densities[0]!,
        seed: seeds[0]!,
        options: optionsOf(one, contenders, options),
        versions: versions(),
      },
      registry,
      open,
    );
    for (const density of densities) keptCount(density, plan.size);
    dataset ??= plan.dataset;
    const objective = plan.config.methodOptions['objective'] as string | undefined;
    for (const density of densities) {
      for (const seed of seeds) {
        const config: RunConfig = { ...plan.config, density, seed };
        const file = [one.method, objective, density, `seed${seed}`].filter(Boolean).join('-');
        const folder = new RunFolder(join(out, 'runs', file));
        runs.push({ folder, config });
      }
    }
  }
  const labels = tellRunsApart(runs.map(({ config }) => config));
  const named = distinctFolders(
    runs.map(({ folder, config }, i) => ({
      name: `${labels[i]!}, density ${config.density}, seed ${config.seed}`,
      folder,
      config,
    })),
  );
  return { runs: named, dataset: dataset! };
}
