import {
  FINE_TUNE_SCHEDULES,
  type RunRequest,
  USUAL_RUN,
  splitDatasetChoice,
  runNumbers,
} from '@winnow/experiments';
import {
  type ComponentRegistry,
  DENSE,
  type OptionField,
  type OptionKind,
  optionFields,
} from '@winnow/plugin-api';
import * as z from 'zod';

const patterns = z
  .union([z.string(), z.array(z.string())], 'must be a pattern or a list of them')
  .transform((given) => [given].flat());

const DENSITY_OF = /^(.+)=\s*([^\s=]+)\s*$/;
const asFlag = z.string().regex(DENSITY_OF, 'must be PATTERN=κ, such as head.*=0.5');

/** As a map, or as flags have it. */
const layerDensities = z
  .union(
    [z.record(z.string(), z.number()), asFlag, z.array(asFlag)],
    'must be a map of patterns to fractions, or a list of PATTERN=κ',
  )
  .transform((given): Record<string, number> => {
    if (typeof given === 'object' && !Array.isArray(given)) return given;
    const pairs = [given].flat().map((text) => DENSITY_OF.exec(text)!);
    return Object.fromEntries(
      pairs.map(([, pattern, density]) => [pattern!, Number(density)] as const),
    );
  });

const { shape: numbers } = runNumbers;

/** What a run is asked for, beside the options of its components. */
export const runSettings = z.strictObject({
  method: z.string().describe('pruner, or dense to keep every weight'),
  objective: z.string().describe('what methods that follow one search for'),
  model: z.string().describe('network'),
  dataset: z.string().describe('data set, with its argument where it takes one'),
  density: z.number().describe('fraction of the prunable weights to keep'),
  leaveOut: patterns.describe('parameters that stay whole and are not counted, such as stem.*'),
  layerDensity: layerDensities.describe(
    'fractions to keep of single layers: a map by patterns of parameters, or a list of PATTERN=κ',
  ),
  seed: numbers.seed.describe('of everything that is drawn'),
  start: z
    .enum(['init', 'rewind'])
    .describe('train the ticket from the initialisation, or from a rewind point'),
  rewindEpochs: numbers.rewindEpochs.describe('epochs before the rewind point'),
  startWeights: z
    .string()
    .describe(
      'file of PyTorch (torch.save or safetensors) with the weights at the start point, as seen from this one',
    ),
  epochs: numbers.epochs.describe('epochs of training'),
  learningRate: numbers.learningRate,
  batchSize: numbers.batchSize,
  weightDecay: numbers.weightDecay,
  recipe: z.enum(['standard', 'authors']).describe('order of clipping and masking'),
  fineTune: z
    .boolean()
    .describe('train the ticket on from the start point by a schedule of its own'),
  fineTuneEpochs: numbers.fineTuneEpochs.describe('epochs of it'),
  fineTuneLearningRate: numbers.fineTuneLearningRate.describe('at its beginning'),
  fineTuneSchedule: z
    .enum(FINE_TUNE_SCHEDULES)
    .describe('the rate stays, or falls to 0 step by step'),
  validateEvery: numbers.validateEvery.describe(
    'epochs of training after which to evaluate on the validation images',
  ),
  backend: z.string().describe('what computes; the runs then have it in their names'),
});

export type RunSettingName = keyof typeof runSettings.shape;

const OF_A_RUN: readonly OptionKind[] = ['objective', 'pruner', 'model', 'dataset'];

/** As it stands in files: `search-epochs`. */
export const spelt = (name: string) => name.replace(/(?<=.)[A-Z]/g, '-$&').toLowerCase();

/** All that can be said of a run, by name: its own settings, and the options of components with their fields. */
export class SettingNames {
  readonly #options = new Map<string, OptionField>();

  constructor(registry: ComponentRegistry) {
    for (const { options } of OF_A_RUN.flatMap((kind) => registry.all(kind)))
      for (const field of optionFields(options)) this.#options.set(field.name, field);
  }

  /** The name that a key of a file stands for, spelt as a flag or as it is. */
  find(key: string): string | undefined {
    return this.#all().find((name) => key === name || key === spelt(name));
  }

  /** As they are spelt. */
  get known(): string[] {
    return this.#all().map(spelt);
  }

  get options(): readonly OptionField[] {
    return [...this.#options.values()];
  }

  #all(): string[] {
    return [...Object.keys(runSettings.shape), ...this.#options.keys()];
  }
}

/** A method that prunes has no use for these where it keeps every weight. */
const OF_PRUNING: readonly RunSettingName[] = ['leaveOut', 'layerDensity'];
const OF_FINE_TUNING: readonly RunSettingName[] = [
  'fineTuneEpochs',
  'fineTuneLearningRate',
  'fineTuneSchedule',
];
const FINE_TUNING: readonly RunSettingName[] = ['fineTune', ...OF_FINE_TUNING];

/**
 * Which settings a run of these takes, all in all. Throws UNKNOWN_NAME for a component that there is not.
 */
export function settingsTaken(
  values: Readonly<Record<string, unknown>>,
  registry: ComponentRegistry,
): ReadonlySet<string> {
  const { method, model, dataset, start, density, objective } = values as {
    readonly [K in RunSettingName]: string;
  };
  const pruner = method === DENSE ? undefined : registry.get('pruner', method);
  const prunes = pruner !== undefined && Number(density) !== 1;
  const follows = pruner?.needs.includes('objective') ?? false;
  const followed = follows ? (objective ?? pruner?.defaultObjective) : undefined;
  const components = [
    ...(pruner ? [pruner] : []),
    ...(followed === undefined ? [] : [registry.get('objective', followed)]),
    registry.get('model', model),
    registry.get('dataset', splitDatasetChoice(dataset).name),
  ];
  const without = new Set<string>([
    ...(prunes ? [] : OF_PRUNING),
    ...(prunes && start === 'rewind' ? [] : ['rewindEpochs']),
    ...(values['fineTune'] === true ? [] : OF_FINE_TUNING),
    // Fresh weights are trained from the beginning.
    ...((prunes && start === 'rewind') || values['startWeights'] !== undefined ? [] : FINE_TUNING),
    ...(pruner ? [] : ['density']),
    ...(follows ? [] : ['objective']),
  ]);
  const own = Object.keys(runSettings.shape).filter((name) => !without.has(name));
  return new Set([
    ...own,
    ...components.flatMap(({ options }) => optionFields(options).map(({ name }) => name)),
  ]);
}

/** What a run is asked for, of settings that `runSettings` and the components take. */
export function requestOf(
  values: Readonly<Record<string, unknown>>,
  made: Pick<RunRequest, 'backend' | 'versions'>,
): RunRequest {
  const own = Object.entries(values).filter(([name]) => name in runSettings.shape);
  const options = Object.entries(values).filter(([name]) => !(name in runSettings.shape));
  const { layerDensity, ...asked } = runSettings.partial().parse(Object.fromEntries(own));
  return {
    ...USUAL_RUN,
    dataset: '',
    ...asked,
    ...(layerDensity && { layerDensities: layerDensity }),
    ...made,
    options: Object.fromEntries(options),
  } as RunRequest;
}
