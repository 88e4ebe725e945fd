import {
  type ComponentRegistry,
  DENSE,
  type OptionField,
  type OptionKind,
  optionFields,
} from '@winnow/plugin-api';
import { flagOf } from './flag-of.ts';
import type { RecordedComponent } from './recorded-component.ts';
import type { RunConfig } from './run-config.ts';

type Words = readonly string[];

/** What a shell leaves as it is. */
const PLAIN = /^[\w@%+=:,./-]+$/;

const quoted = (word: string) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** A flag with its value; undefined where no word says it. */
function wordsOf({ name, type, default: usual }: OptionField, value: unknown): Words | undefined {
  const flag = flagOf(name);
  if (type === 'other') return undefined;
  if (type === 'boolean') {
    if (value === true) return [flag];
    return usual === true ? [flag.replace('--', '--no-')] : [];
  }
  const values = Array.isArray(value) ? value : [value];
  return values.length > 0 ? values.flatMap((one) => [flag, String(one)]) : undefined;
}

/** Those that the run was given, under the names that flags have; undefined where one of them cannot be said. */
function optionWords(config: RunConfig, registry: ComponentRegistry): Words | undefined {
  const { method, objective, model, dataset } = config;
  const components: readonly (readonly [OptionKind, RecordedComponent | undefined])[] = [
    ['pruner', method.name === DENSE ? undefined : method],
    ['objective', objective],
    ['model', model],
    ['dataset', dataset],
  ];
  const said = new Map<string, Words>();
  for (const [kind, recorded] of components) {
    if (!recorded || Object.keys(recorded.given).length === 0) continue;
    const fields = optionFields(registry.get(kind, recorded.name).options);
    const { argument } = datasetOf(kind, recorded, registry);
    for (const [name, value] of Object.entries(recorded.given)) {
      if (name === argument) continue;
      const field = fields.find((one) => one.name === name);
      const words = field && wordsOf(field, value);
      if (!words) return undefined;
      said.set(name, words);
    }
  }
  return [...said.values()].flat();
}

/** The option that stands behind the name of a data set, where it was given. */
function datasetOf(
  kind: OptionKind,
  { name, given }: RecordedComponent,
  registry: ComponentRegistry,
) {
  const { argument } = kind === 'dataset' ? registry.get('dataset', name) : {};
  return argument !== undefined && typeof given[argument] === 'string'
    ? { argument, value: given[argument] }
    : {};
}

const valued = (values: Readonly<Record<string, string | number | undefined>>): Words =>
  Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [flagOf(name), String(value)],
  );

/**
 * The words after `winnow` that make a run again, every value given; undefined where no command line says it: of the
 * ablation of a check, and of an option that only a file can give. Throws UNKNOWN_NAME of a component whose options it has.
 */
export function repeatWords(config: RunConfig, registry: ComponentRegistry): Words | undefined {
  const { method, objective, model, dataset, density, recipe, fineTune, plugins } = config;
  const options = optionWords(config, registry);
  if (!options || config.ablation) return undefined;
  const { value } = datasetOf('dataset', dataset, registry);
  const prunes = method.name !== DENSE;
  return [
    'run',
    ...valued({
      dataset: value === undefined ? dataset.name : `${dataset.name}:${value}`,
      model: model.name,
      method: method.name,
      objective: objective?.name,
      density: prunes ? density : undefined,
      seed: config.seed,
      start: prunes ? config.start : undefined,
      rewindEpochs: config.start === 'rewind' ? config.rewindEpochs : undefined,
      startWeights: config.startWeights?.path,
      epochs: recipe.epochs,
      learningRate: recipe.learningRate,
      batchSize: recipe.batchSize,
      weightDecay: recipe.weightDecay,
      recipe: recipe.name,
    }),
    ...(fineTune ? ['--fine-tune'] : []),
    ...valued({
      fineTuneEpochs: fineTune?.epochs,
      fineTuneLearningRate: fineTune?.learningRate,
      fineTuneSchedule: fineTune?.schedule,
      validateEvery: config.validateEvery,
      backend: config.backend,
    }),
    ...(config.leaveOut ?? []).flatMap((pattern) => ['--leave-out', pattern]),
    ...Object.entries(config.layerDensities ?? {}).flatMap(([pattern, own]) => [
      '--layer-density',
      `${pattern}=${own}`,
    ]),
    ...options,
    ...plugins.flatMap(({ specifier }) => ['--plugin', specifier]),
  ];
}

/** The same as a line for a shell. */
export function repeatCommand(config: RunConfig, registry: ComponentRegistry): string | undefined {
  const words = repeatWords(config, registry);
  return words && ['npx', 'winnow', ...words].map(quoted).join(' ');
}
