import { WinnowError } from '@winnow/plugin-api';
import { type RunConfig, dataOptions } from './run-config.ts';

type Facts = ReadonlyMap<string, unknown>;

/** What two runs of the same method may differ in besides density and seed, by the names that a user gives them. */
function facts(config: RunConfig): Facts {
  const { methodOptions, model, dataset, ablation, start, rewindEpochs, startWeights, recipe } =
    config;
  return new Map<string, unknown>([
    ...Object.entries(methodOptions),
    ...Object.entries(model.options),
    ...Object.entries(dataOptions(config)),
    ['data', `data ${dataset.checksum.slice(0, 12)}`],
    ['ablation', ablation ?? 'no ablation'],
    ['start', start === 'init' ? start : `rewind after ${rewindEpochs}`],
    ['startWeights', startWeights && `weights ${startWeights.hash.slice(0, 12)}`],
    ...Object.entries({ ...recipe, name: undefined, recipe: recipe.name }),
  ]);
}

function varies(name: string, all: readonly Facts[]): boolean {
  return new Set(all.map((one) => JSON.stringify(one.get(name)))).size > 1;
}

const inWords = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function shown(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined
    ? `no ${inWords(name)} given`
    : `${inWords(name)} ${JSON.stringify(value)}`;
}

/**
 * A name for each run: its method, its objective, and what tells it from other runs of the same method, density and seed
 * apart: "cts (kl, lagrange)". Throws MIXED_RUNS unless all are of one network and data set.
 */
export function tellRunsApart(configs: readonly RunConfig[]): string[] {
  const worlds = new Set(configs.map(({ model, dataset }) => `${model.name} on ${dataset.name}`));
  if (worlds.size > 1) {
    throw new WinnowError('MIXED_RUNS', `These runs are of ${[...worlds].join(' and of ')}.`, {
      hint: 'Give the runs of one network and data set.',
    });
  }
  return configs.map((config) => {
    const alike = configs.filter(({ method }) => method === config.method).map(facts);
    const own = facts(config);
    const names = [...new Set(alike.flatMap((one) => [...one.keys()]))];
    const told = names.filter((name) => name === 'objective' || varies(name, alike));
    const words = told.map((name) => shown(name, own.get(name)));
    return words.length > 0 ? `${config.method} (${words.join(', ')})` : config.method;
  });
}
