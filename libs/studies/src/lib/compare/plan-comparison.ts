import { join } from 'node:path';
import {
  type RunConfig,
  RunFolder,
  type RunRequest,
  canonicalJson,
  splitDatasetChoice,
  chosenObjective,
  openOnce,
  planRun,
  prepareRun,
} from '@winnow/experiments';
import {
  type ComponentRegistry,
  type Dataset,
  type GivenOptions,
  type Objective,
  WinnowError,
  optionFields,
} from '@winnow/plugin-api';
import { type NamedRun, distinctFolders } from '../execute/named-run.ts';
import { tellRunsApart } from '../results/tell-runs-apart.ts';

/** What the runs have in common is as in a `RunRequest`. */
export interface ComparisonRequest extends Omit<RunRequest, 'method' | 'density' | 'seed'> {
  /** NAME, or NAME:OBJECTIVE for a method that follows one. */
  readonly methods: readonly string[];
  readonly densities: readonly number[];
  readonly seeds: readonly number[];
  /** Each method with its objective, the model and the data set take those that they have. */
  readonly options: GivenOptions;
  /** What the tickets are compared by; these take their options too. */
  readonly compared: readonly Objective[];
  /** Folder of the runs. */
  readonly out: string;
}

interface Contender {
  readonly method: string;
  readonly objective: string | undefined;
  /** Names of the options of both. */
  readonly takes: ReadonlySet<string>;
}

const optionNames = ({ options }: Pick<Objective, 'options'>) =>
  optionFields(options).map(({ name }) => name);

function contender(
  text: string,
  chosen: string | undefined,
  registry: ComponentRegistry,
): Contender {
  const [method = '', own, ...rest] = text.split(':');
  if (rest.length > 0) {
    throw new WinnowError('INVALID_OPTION', `Method "${text}" has more than one objective.`, {
      hint: 'Write NAME:OBJECTIVE.',
    });
  }
  const pruner = registry.get('pruner', method);
  const common = pruner.needs.includes('objective') ? chosen : undefined;
  const objective = chosenObjective(pruner, own ?? common, registry);
  const takes = new Set([pruner, ...(objective ? [objective] : [])].flatMap(optionNames));
  return { method, objective: objective?.name, takes };
}

/** What other methods and objectives alone have is left out. */
function optionsOf(taken: ReadonlySet<string>, known: ReadonlySet<string>, given: GivenOptions) {
  return Object.fromEntries(
    Object.entries(given).filter(([name]) => taken.has(name) || !known.has(name)),
  );
}

function assertUsed(objective: string | undefined, contenders: readonly Contender[]): void {
  if (objective === undefined || contenders.some((one) => one.objective === objective)) return;
  throw new WinnowError('OPTION_NOT_USED', `None of the methods follows "${objective}".`, {
    hint: 'Leave --objective out: it is for methods that follow one and are named without.',
  });
}

/**
 * A run for every method, density and seed, and the data set of all; refuses methods that cannot be carried out, before
 * anything is searched. Throws what `planRun` and `prepareRun` do.
 */
export async function planComparison(
  request: ComparisonRequest,
  registry: ComponentRegistry,
  open = openOnce(),
): Promise<{ readonly runs: readonly NamedRun[]; readonly dataset: Dataset }> {
  const { methods, densities, seeds, options, compared, objective, out, model } = request;
  const contenders = methods.map((text) => contender(text, objective, registry));
  assertUsed(objective, contenders);
  if (densities.includes(1)) {
    throw new WinnowError('INVALID_OPTION', 'At density 1 there is nothing to search for.', {
      hint: 'Give densities below 1; the dense network is compared in any case.',
    });
  }
  const known = new Set([
    ...contenders.flatMap(({ takes }) => [...takes]),
    ...compared.flatMap(optionNames),
  ]);
  const { name } = splitDatasetChoice(request.dataset);
  const ofAll = [registry.get('model', model), registry.get('dataset', name)];
  const takenByAll = ofAll.flatMap(optionNames);
  const runs: Omit<NamedRun, 'name'>[] = [];
  let dataset: Dataset | undefined;
  for (const one of contenders) {
    const own = optionsOf(new Set([...one.takes, ...takenByAll]), known, options);
    for (const density of densities) {
      const plan = await planRun(
        {
          ...request,
          method: one.method,
          objective: one.objective,
          density,
          seed: seeds[0]!,
          options: own,
        },
        registry,
        open,
      );
      dataset ??= plan.dataset;
      for (const seed of seeds) {
        const config: RunConfig = { ...plan.config, seed };
        const file = [one.method, one.objective, density, `seed${seed}`].filter(Boolean).join('-');
        runs.push({ folder: new RunFolder(join(out, 'runs', file)), config });
      }
    }
  }
  const labels = tellRunsApart(runs);
  const named = distinctFolders(
    runs.map(({ folder, config }, i) => ({
      name: `${labels[i]!}, density ${config.density}, seed ${config.seed}`,
      folder,
      config,
    })),
  );
  await prepareRuns(named, { registry, dataset: dataset! });
  return { runs: named, dataset: dataset! };
}

async function prepareRuns(
  runs: readonly NamedRun[],
  setting: Parameters<typeof prepareRun>[2],
): Promise<void> {
  const seen = new Set<string>();
  for (const { folder, config } of runs) {
    const { method, objective, density } = config;
    const key = canonicalJson([method, objective, density])!;
    if (!seen.has(key)) await prepareRun(config, folder, setting);
    seen.add(key);
  }
}
