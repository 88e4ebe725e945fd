import { join } from 'node:path';
import { type RunConfig, RunFolder } from '@winnow/experiments';

/** A run that nobody carried out. */
export interface Made {
  /** The folder around it; its own is named after method, density and seed unless it has a name. */
  readonly root: string;
  readonly name?: string;
  readonly method: string;
  /** 10 unless told otherwise. */
  readonly classes?: number;
  /** `resnet8` unless told otherwise. */
  readonly model?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly objective?: string;
  readonly density: number;
  readonly seed: number;
  readonly epochs?: number;
  readonly fineTune?: RunConfig['fineTune'];
  /** Version of Node.js. */
  readonly node?: string;
  /** None of a run that is not finished. */
  readonly accuracies?: readonly [test: number, validation: number];
  readonly testLoss?: number;
  /** Minutes of its search; as many as its seed says unless told otherwise. */
  readonly search?: number;
  readonly rounds?: readonly (readonly [kept: number, validationAccuracy: number])[];
}

const component = (name: string, options: Readonly<Record<string, unknown>> = {}) => ({
  name,
  given: options,
  options,
});

const configOf = ({
  method,
  model = 'resnet8',
  options,
  objective,
  density,
  seed,
  classes = 10,
  epochs = 4,
  fineTune,
  node = '22',
}: Made): RunConfig => ({
  format: 2,
  method: component(method, options),
  ...(objective !== undefined && { objective: component(objective) }),
  model: component(model),
  dataset: { ...component('digits'), checksum: 'c0ffee' },
  input: { height: 8, width: 8, channels: 1 },
  classes,
  density,
  seed,
  start: 'rewind',
  rewindEpochs: 1,
  recipe: {
    name: 'standard',
    learningRate: 0.1,
    epochs,
    dropEpochs: [epochs / 2],
    warmupEpochs: 0,
    weightDecay: 1e-3,
    batchSize: 32,
    momentum: 0.9,
    clipNorm: 2,
  },
  ...(fineTune && { fineTune }),
  backend: 'cpu',
  plugins: [],
  versions: { node },
});

/** Of 1,000 weights. */
export async function makeRun(made: Made): Promise<RunFolder> {
  const { root, method, model = 'resnet8', density, seed, accuracies, testLoss } = made;
  const { search = seed, rounds = [] } = made;
  const folder = new RunFolder(join(root, made.name ?? `${method}-${density}-${seed}`));
  await folder.claim(configOf(made));
  for (const [round, [kept, validationAccuracy]] of rounds.entries())
    await folder.writeBeside(`rounds/0${round}.json`, {
      round,
      density: kept / 1000,
      kept,
      validationAccuracy,
    });
  if (!accuracies) return folder;
  const [testAccuracy, validationAccuracy] = accuracies;
  await folder.writeBeside('result.json', {
    method,
    model,
    dataset: 'digits',
    seed,
    density,
    kept: 1000 * density,
    size: 1000,
    testAccuracy,
    ...(testLoss !== undefined && { testLoss }),
    validationAccuracy,
    minutes: { pretrain: 0.5, search, train: 2 },
  });
  return folder;
}
