import { WinnowError } from '@winnow/plugin-api';
import { canonicalJson, type RunConfig } from '@winnow/experiments';

type Facts = ReadonlyMap<string, unknown>;

const OBJECTIVE = 'run.objective';

/** What two runs of the same method may differ in besides density and seed; what follows the point is the name for users. */
function facts(config: RunConfig): Facts {
  const { method, objective, model, dataset, ablation, start, rewindEpochs, startWeights, recipe } =
    config;
  const of = (part: string, options: object) =>
    Object.entries(options).map(([name, value]) => [`${part}.${name}`, value] as const);
  return new Map<string, unknown>([
    [OBJECTIVE, objective?.name],
    ...of('objective', objective?.options ?? {}),
    ...of('method', method.options),
    ...of('model', model.options),
    ...of('dataset', dataset.options),
    ['run.leaveOut', config.leaveOut],
    [
      'run.layerDensities',
      // A list, since their order counts.
      config.layerDensities && Object.entries(config.layerDensities).map((own) => own.join('=')),
    ],
    ['run.data', `data ${dataset.checksum.slice(0, 12)}`],
    ['run.ablation', ablation ?? 'no ablation'],
    ['run.start', start === 'init' ? start : `rewind after ${rewindEpochs}`],
    ['run.startWeights', startWeights && `weights ${startWeights.hash.slice(0, 12)}`],
    ...of('recipe', { ...recipe, name: undefined, recipe: recipe.name }),
  ]);
}

function varies(fact: string, all: readonly Facts[]): boolean {
  return new Set(all.map((one) => canonicalJson(one.get(fact)))).size > 1;
}

function shown(fact: string, value: unknown): string {
  if (typeof value === 'string') return value;
  const name = fact
    .slice(fact.indexOf('.') + 1)
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return value === undefined ? `no ${name} given` : `${name} ${JSON.stringify(value)}`;
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
    const { method, objective } = config;
    const alike = configs.filter((other) => other.method.name === method.name).map(facts);
    const own = facts(config);
    const known = [...new Set(alike.flatMap((one) => [...one.keys()]))];
    // Options of one objective are none of another's.
    const rivals = alike.filter((one) => one.get(OBJECTIVE) === objective?.name);
    const told = known.filter(
      (fact) =>
        (fact === OBJECTIVE && objective) ||
        varies(fact, fact.startsWith('objective.') ? rivals : alike),
    );
    const words = told.map((fact) => shown(fact, own.get(fact)));
    return words.length > 0 ? `${method.name} (${words.join(', ')})` : method.name;
  });
}
