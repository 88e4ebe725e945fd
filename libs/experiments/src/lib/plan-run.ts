import { sha256 } from '@winnow/files';
import {
  type ComponentRegistry,
  type Dataset,
  type DatasetDescriptor,
  type PluginRecord,
  WinnowError,
  parseOptions,
} from '@winnow/plugin-api';
import { checkDensity, keptCount } from '@winnow/tickets';
import { type TrainingRecipe, stretch, trainingRecipe } from '@winnow/training';
import { OptionPool } from './option-pool.ts';
import { DENSE, type RunConfig, comparable, runConfig } from './run-config.ts';
import { recordStartWeights } from './start-weights.ts';

/** A run as a user asks for it; what is left out comes from the data set's recipe and the model. */
export interface RunRequest {
  readonly method: string;
  readonly model: string;
  /** NAME, or NAME:VALUE for a data set that takes an argument. */
  readonly dataset: string;
  readonly density: number;
  readonly seed: number;
  readonly start: 'init' | 'rewind';
  readonly rewindEpochs?: number | undefined;
  /** A safetensors file with the weights at the start point, in place of fresh or densely trained ones. */
  readonly startWeights?: string | undefined;
  readonly epochs?: number | undefined;
  readonly learningRate?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly weightDecay?: number | undefined;
  readonly recipe: TrainingRecipe['name'];
  /** Options of the method, the model and the data set, each of which takes those that it has. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly plugins: readonly PluginRecord[];
  readonly backend: string;
  readonly versions: Readonly<Record<string, string>>;
}

export interface RunPlan {
  readonly config: RunConfig;
  readonly dataset: Dataset;
  /** Prunable weights of the network. */
  readonly size: number;
  /** A folder name that tells runs apart, also by what it does not spell out. */
  readonly name: string;
}

/** For plans of several runs, which can share what is open. */
export type OpenDataset = (
  descriptor: DatasetDescriptor,
  options: Readonly<Record<string, unknown>>,
) => Promise<Dataset>;

/**
 * Checks a request, opens its data and settles every value. Throws BAD_DENSITY, EMPTY_TICKET, UNKNOWN_NAME,
 * INVALID_OPTION, OPTION_NOT_USED, WEIGHTS_MISMATCH, and what the data set throws.
 */
export async function planRun(
  request: RunRequest,
  registry: ComponentRegistry,
  open: OpenDataset = (descriptor, options) => descriptor.open(options),
): Promise<RunPlan> {
  checkDensity(request.density);
  if (request.method === DENSE && request.density !== 1) {
    throw new WinnowError(
      'INVALID_OPTION',
      `Dense training has density 1, not ${request.density}.`,
      {
        hint: 'Leave --density out, or choose a method that prunes.',
      },
    );
  }
  const pool = new OptionPool(request.options);
  const datasetDescriptor = pool.dataset(registry, request.dataset);
  const model = registry.get('model', request.model);
  const pruner = request.method === DENSE ? undefined : registry.get('pruner', request.method);
  const dense = pruner === undefined || request.density === 1;
  const density = dense ? 1 : request.density;
  const modelOptions = pool.take(model);
  const datasetOptions = pool.take(datasetDescriptor);
  const methodOptions = pruner ? pool.take(pruner) : {};
  pool.assertAllTaken();
  if (typeof methodOptions['objective'] === 'string')
    registry.get('objective', methodOptions['objective']);

  const dataset = await open(datasetDescriptor, datasetOptions);
  const network = model.build(dataset.input, dataset.classes, modelOptions);
  const size = network.parameters
    .filter((p) => p.prunable)
    .reduce((sum, p) => sum + p.shape.reduce((a, b) => a * b, 1), 0);
  keptCount(density, size);

  const schedule = stretch(dataset.recipe, request.epochs ?? dataset.recipe.epochs);
  const recipe = trainingRecipe({
    ...schedule,
    name: request.recipe,
    learningRate: request.learningRate ?? schedule.learningRate,
    batchSize: request.batchSize ?? schedule.batchSize,
    weightDecay: request.weightDecay ?? schedule.weightDecay,
  });
  const share = recipe.epochs / dataset.recipe.epochs;
  const rewinds = !dense && request.start === 'rewind';
  if (!rewinds && request.rewindEpochs !== undefined) {
    throw new WinnowError('INVALID_OPTION', 'This run has no rewind point, but rewind epochs.', {
      hint: 'Leave --rewind-epochs out, or give --start rewind and a density below 1.',
    });
  }
  const rewindEpochs = rewinds
    ? (request.rewindEpochs ?? Math.max(1, Math.round(model.rewindEpochs * share)))
    : 0;
  const { normalization } = dataset;
  const config: RunConfig = parseOptions(
    runConfig,
    {
      format: 1,
      method: dense ? DENSE : request.method,
      methodOptions: dense ? {} : methodOptions,
      model: { name: model.name, options: modelOptions },
      dataset: {
        name: dataset.name,
        options: datasetOptions,
        checksum: dataset.checksum,
        ...(normalization && {
          normalization: { mean: [...normalization.mean], std: [...normalization.std] },
        }),
      },
      input: { ...dataset.input },
      classes: dataset.classes,
      density,
      seed: request.seed,
      start: rewinds ? 'rewind' : 'init',
      rewindEpochs,
      ...(request.startWeights === undefined
        ? {}
        : { startWeights: await recordStartWeights(request.startWeights, network) }),
      recipe: { ...recipe, dropEpochs: [...recipe.dropEpochs] },
      backend: request.backend,
      plugins: request.plugins.map((plugin) => ({ ...plugin })),
      versions: { ...request.versions },
    } satisfies RunConfig,
    'this run',
  );
  if (rewindEpochs >= recipe.epochs) {
    throw new WinnowError(
      'INVALID_OPTION',
      `The rewind point is after epoch ${rewindEpochs}, and training has ${recipe.epochs} epochs.`,
      { hint: 'Give fewer --rewind-epochs or more --epochs.' },
    );
  }
  return { config, dataset, size, name: nameOf(config) };
}

function nameOf(config: RunConfig): string {
  const { objective } = config.methodOptions;
  const method = typeof objective === 'string' ? `${config.method}-${objective}` : config.method;
  return [
    config.dataset.name,
    config.model.name,
    method,
    ...(config.method === DENSE ? [] : [String(config.density)]),
    `seed${config.seed}`,
    sha256(JSON.stringify(comparable(config))).slice(0, 8),
  ].join('-');
}
