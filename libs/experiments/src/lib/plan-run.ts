import {
  type ComponentRegistry,
  DENSE,
  type Dataset,
  type GivenOptions,
  type PrunerDescriptor,
  WinnowError,
  parseOptions,
  suggestName,
} from '@winnow/plugin-api';
import { Budget } from '@winnow/tickets';
import { type TrainingRecipe, stretch, trainingRecipe } from '@winnow/training';
import * as z from 'zod';
import { chosenObjective } from './chosen-objective.ts';
import { type FineTuneRequest, fineTuneOf } from './fine-tune.ts';
import { type OpenDataset, openDataset } from './open-dataset.ts';
import { OptionPool } from './option-pool.ts';
import { type RecordedComponent, assertSettled, recordComponent } from './recorded-component.ts';
import { type RunConfig, runConfig, runIdentity } from './run-config.ts';
import { networkOf } from './run-network.ts';
import { runNumbers } from './run-numbers.ts';
import { type StartWeights, recordStartWeights } from './start-weights.ts';
import { FORMAT } from './store/format.ts';
import { usedPlugins } from './used-plugins.ts';

const STARTS = ['init', 'rewind'] as const;

/** A run as a user asks for it; what is left out comes from the data set's recipe and the model. */
export interface RunRequest extends FineTuneRequest {
  readonly method: string;
  /** What a method that follows one searches for; the method's own choice when left out. */
  readonly objective?: string | undefined;
  readonly model: string;
  /** NAME, or NAME:VALUE for a data set that takes an argument. */
  readonly dataset: string;
  /** Only of a method that has one of its own, and of dense training, it may be left out. */
  readonly density?: number | undefined;
  /** Patterns of prunable parameters that are left out of pruning: `stem.*`, `head.fc.weight`. */
  readonly leaveOut?: readonly string[] | undefined;
  /** Densities of layers that have one of their own, by patterns of parameters. */
  readonly layerDensities?: Readonly<Record<string, number>> | undefined;
  readonly seed: number;
  readonly start: (typeof STARTS)[number];
  readonly rewindEpochs?: number | undefined;
  /** A file of PyTorch (`torch.save` or safetensors) with the weights at the start point, in place of fresh or densely trained ones, by PyTorch's names or ours. */
  readonly startWeights?: string | undefined;
  readonly epochs?: number | undefined;
  readonly learningRate?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly weightDecay?: number | undefined;
  /** Epochs of training after which to evaluate on the validation images, for a learning curve; never when left out. */
  readonly validateEvery?: number | undefined;
  readonly recipe: TrainingRecipe['name'];
  /** Options of the method, the objective, the model and the data set, each of which takes those that it has. */
  readonly options: GivenOptions;
  readonly backend: string;
  readonly versions: Readonly<Record<string, string>>;
}

export interface RunPlan {
  readonly config: RunConfig;
  readonly dataset: Dataset;
  /** A folder name that tells runs apart, also by what it does not spell out. */
  readonly name: string;
  /** What was done to the weights that the run starts from, where they come from a file. */
  readonly imported?: StartWeights['imported'];
}

/** What plain JavaScript may give otherwise, and would be taken apart. */
const asked = runNumbers.partial().extend({
  leaveOut: z.array(z.string()).optional(),
  layerDensities: z.record(z.string(), z.number()).optional(),
  options: z.record(z.string(), z.unknown()),
});

const NO_METHOD: RecordedComponent = { name: DENSE, given: {}, options: {} };

function refuse(code: string, message: string, hint: string): never {
  throw new WinnowError(code, message, { hint });
}

async function densityOf(
  { method, density }: RunRequest,
  pruner: PrunerDescriptor | undefined,
  given: GivenOptions,
): Promise<number> {
  if (pruner) {
    return (
      density ??
      (await pruner.density?.(given)) ??
      refuse(
        'INVALID_OPTION',
        `Method "${method}" needs a density.`,
        'Give --density, such as --density 0.01 for 99 % sparse.',
      )
    );
  }
  if (density === undefined || density === 1) return 1;
  return refuse(
    'INVALID_OPTION',
    `Dense training has density 1, not ${density}.`,
    'Leave --density out, or choose a method that prunes.',
  );
}

/** What is said of single layers. */
function layersOf(
  { leaveOut = [], layerDensities = {} }: RunRequest,
  prunes: boolean,
): Pick<RunConfig, 'leaveOut' | 'layerDensities'> {
  const own = Object.keys(layerDensities).length > 0;
  if (!prunes && (own || leaveOut.length > 0)) {
    refuse(
      'OPTION_NOT_USED',
      'A dense run keeps every weight of every layer.',
      'Leave --leave-out and --layer-density out, or choose a method that prunes.',
    );
  }
  return {
    ...(leaveOut.length > 0 && { leaveOut: [...new Set(leaveOut)].sort() }),
    ...(own && { layerDensities: { ...layerDensities } }),
  };
}

/** Throws INVALID_OPTION where a batch would be larger than all, BAD_DATA where there is not enough for one. */
function assertBatches({ train, name }: Dataset, { batchSize = 0 }: RunRequest): void {
  const { length } = train;
  if (length < 2) {
    refuse(
      'BAD_DATA',
      `"${name}" has too few images to train on (${length}): a batch needs two at least.`,
      'Add images, or raise --train-images where it is given.',
    );
  }
  if (batchSize > length) {
    refuse(
      'INVALID_OPTION',
      `--batch-size is ${batchSize}, and there are ${length} images to train on.`,
      `Give at most --batch-size ${length}, or train on more images.`,
    );
  }
}

/**
 * Checks a request, opens its data and settles every value. Throws BAD_DENSITY, EMPTY_TICKET, BAD_LAYER, LAYER_DENSITY,
 * UNKNOWN_NAME, INVALID_OPTION, OPTION_NOT_USED, what `recordStartWeights` does, and what the data set throws.
 */
export async function planRun(
  request: RunRequest,
  registry: ComponentRegistry,
  open: OpenDataset = openDataset,
): Promise<RunPlan> {
  parseOptions(asked, request, 'this run');
  const pool = new OptionPool(request.options);
  const datasetDescriptor = pool.dataset(registry, request.dataset);
  const modelDescriptor = registry.get('model', request.model);
  const pruner = request.method === DENSE ? undefined : registry.get('pruner', request.method);
  const followed = chosenObjective(pruner, request.objective, registry);
  const seen: (() => void)[] = [];
  const recorded = (component: Parameters<typeof recordComponent>[0]) => {
    const record = recordComponent(component, pool.take(component));
    seen.push(() => assertSettled(component, record));
    return record;
  };
  const model = recorded(modelDescriptor);
  const data = recorded(datasetDescriptor);
  const method = pruner ? recorded(pruner) : NO_METHOD;
  const objective = followed && recorded(followed);
  pool.assertAllTaken();
  const density = await densityOf(request, pruner, method.given);
  const prunes = pruner !== undefined && density !== 1;
  const layers = layersOf(request, prunes);
  const checksum = prunes ? await pruner.checksum?.(method.given) : undefined;

  const dataset = await open(datasetDescriptor, data.given);
  // Not at once, so that a clock has gone on.
  for (const lookAgain of seen) lookAgain();
  const { input, classes, normalization } = dataset;
  const network = networkOf(modelDescriptor, { model, input, classes, ...layers });
  Budget.of(network, density, layers.layerDensities);

  assertBatches(dataset, request);

  const schedule = stretch(dataset.recipe, request.epochs ?? dataset.recipe.epochs);
  const recipe = trainingRecipe({
    ...schedule,
    name: request.recipe,
    learningRate: request.learningRate ?? schedule.learningRate,
    batchSize: request.batchSize ?? schedule.batchSize,
    weightDecay: request.weightDecay ?? schedule.weightDecay,
  });
  const usual = modelDescriptor.rewindEpochs * (recipe.epochs / dataset.recipe.epochs);
  if (!STARTS.some((start) => start === request.start)) {
    refuse(
      'INVALID_OPTION',
      `There is no start "${String(request.start)}".`,
      suggestName(String(request.start), STARTS),
    );
  }
  const rewinds = prunes && request.start === 'rewind';
  if (!rewinds && request.rewindEpochs !== undefined) {
    refuse(
      'INVALID_OPTION',
      'This run has no rewind point, but rewind epochs.',
      'Leave --rewind-epochs out, or give --start rewind and a density below 1.',
    );
  }
  // What is fine-tuned may be trained to its end before.
  const latest = request.fineTune ? recipe.epochs : recipe.epochs - 1;
  const rewindEpochs = rewinds
    ? (request.rewindEpochs ?? Math.min(Math.max(1, Math.round(usual)), latest))
    : 0;
  const { startWeights: path } = request;
  const startWeights = path === undefined ? undefined : await recordStartWeights(path, network);
  const fineTune = fineTuneOf(request, recipe, startWeights !== undefined || rewindEpochs > 0);
  const used = {
    method: prunes ? { ...method, ...(checksum !== undefined && { checksum }) } : NO_METHOD,
    ...(prunes && objective && { objective }),
    model,
    dataset: {
      ...data,
      checksum: dataset.checksum,
      ...(normalization && {
        normalization: { mean: [...normalization.mean], std: [...normalization.std] },
      }),
    },
    backend: request.backend,
  };
  const config: RunConfig = parseOptions(
    runConfig,
    {
      format: FORMAT,
      ...used,
      input: { ...input },
      classes,
      density,
      ...layers,
      seed: request.seed,
      start: rewindEpochs > 0 ? 'rewind' : 'init',
      rewindEpochs,
      ...(startWeights && { startWeights: startWeights.recorded }),
      recipe: { ...recipe, dropEpochs: [...recipe.dropEpochs] },
      ...(fineTune && { fineTune }),
      ...(request.validateEvery !== undefined && { validateEvery: request.validateEvery }),
      plugins: usedPlugins(used, registry),
      versions: { ...request.versions },
    } satisfies RunConfig,
    'this run',
  );
  if (rewindEpochs > latest) {
    refuse(
      'INVALID_OPTION',
      `The rewind point is after epoch ${rewindEpochs}, and training ends after epoch ${recipe.epochs}.`,
      'Give fewer --rewind-epochs or more --epochs.',
    );
  }
  const { imported } = startWeights ?? {};
  const search = { density, schedule: recipe, epochsLeft: recipe.epochs - rewindEpochs };
  if (prunes && search.epochsLeft === 0 && pruner.searchEpochs?.(search, method.given) === 0) {
    refuse(
      'INVALID_OPTION',
      `"${pruner.name}" trains in rounds from the rewind point to the end, and the rewind point is the end, after epoch ${rewindEpochs}.`,
      'Give --round-epochs, or fewer --rewind-epochs.',
    );
  }
  return { config, dataset, name: runName(config), ...(imported && { imported }) };
}

/** A folder name that tells runs apart. */
export function runName(config: RunConfig): string {
  const { dataset, model, method, objective, density, seed } = config;
  return [
    dataset.name,
    model.name,
    method.name,
    ...(objective ? [objective.name] : []),
    ...(method.name === DENSE ? [] : [String(density)]),
    `seed${seed}`,
    runIdentity(config).slice(0, 8),
  ].join('-');
}
