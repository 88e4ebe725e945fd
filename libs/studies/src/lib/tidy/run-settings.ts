import { type RunConfig, canonicalJson, comparable } from '@winnow/experiments';
import { type ToldRun, inTurn, instructionSets, programsIn } from '../results/told-run.ts';
import { versionOf } from '../results/version-notes.ts';

/** What a run was asked to be, and by what it was made, by column; a run has no column for what it does without. */
export type Settings = ReadonlyMap<string, unknown>;

/** What columns are called, or begin with before their point, in their order. */
const ORDER = [
  ...['method', 'objective', 'density', 'leaveOut', 'layerDensities', 'ablation'],
  ...['model', 'dataset', 'data', 'input', 'classes', 'normalization'],
  ...['start', 'rewindEpochs', 'startWeights'],
  ...['recipe', 'epochs', 'batchSize', 'learningRate', 'dropEpochs', 'warmupEpochs'],
  ...[
    'weightDecay',
    'momentum',
    'clipNorm',
    'fineTune',
    'seed',
    'backend',
    'instructions',
    'plugin',
    'version',
  ],
];

export const headOf = (column: string) => column.split('.', 1)[0]!;

const shortHash = (hash: string) => hash.slice(0, 12);

/** What is told of a field: a column, or where it is a map one for each of its own. */
function columnsOfField(name: string, value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[name, value]];
  return Object.entries(value).flatMap(([key, own]) => columnsOfField(`${name}.${key}`, own));
}

/** Options may be maps, which are values like others. */
function columnsOfComponent(
  kind: string,
  { name, options, ...others }: Omit<RunConfig['method'], 'given'>,
): [string, unknown][] {
  return [
    [kind, name],
    ...Object.entries(options).map(([key, value]): [string, unknown] => [`${kind}.${key}`, value]),
    ...columnsOfField(kind, others),
  ];
}

/**
 * Names are those of `config.json`; options are `method.scope`, hashes are cut to 12 digits. Whatever decides the numbers of
 * a run has a column.
 */
export function runSettings(run: ToldRun): Settings {
  const { config } = run;
  const { format, layerOrder, ...deciding } = comparable(config);
  const { method: recorded, objective, model, dataset, layerDensities, ...others } = deciding;
  const { checksum: ofFiles, ...method } = recorded;
  const { startWeights, recipe, fineTune, plugins, ...rest } = others;
  const { checksum, normalization, ...data } = dataset;
  const { name: recipeName, ...numbers } = recipe;
  const instructions = instructionSets(run);
  const all: (readonly [string, unknown])[] = [
    ...columnsOfComponent('method', method),
    ['method.checksum', ofFiles && shortHash(ofFiles)],
    ...(objective ? columnsOfComponent('objective', objective) : []),
    // A list, since their order counts.
    [
      'layerDensities',
      layerDensities && Object.entries(layerDensities).map((own) => own.join('=')),
    ],
    ...columnsOfComponent('model', model),
    ...columnsOfComponent('dataset', data),
    ['data', shortHash(checksum)],
    ...columnsOfField('normalization', normalization),
    ['startWeights', startWeights && shortHash(startWeights)],
    ['recipe', recipeName],
    ...Object.entries(numbers),
    ['fineTune', fineTune !== undefined],
    ...(fineTune ? columnsOfField('fineTune', fineTune) : []),
    ...config.plugins.map(({ name, sha256 }) => [`plugin.${name}`, shortHash(sha256)] as const),
    ...Object.entries(rest).flatMap(([name, value]) => columnsOfField(name, value)),
    ['instructions', instructions.length > 0 ? inTurn(instructions) : undefined],
    ...programsIn(run).map((program) => [`version.${program}`, versionOf(run, program)] as const),
  ];
  return new Map(all.filter(([, value]) => value !== undefined));
}

/** Every column that any of these has, in their order. */
export function columnsOf(all: readonly Settings[]): string[] {
  const columns = new Set(all.flatMap((settings) => [...settings.keys()]));
  const rank = (column: string) => ORDER.indexOf(headOf(column)) + 1 || Infinity;
  return [...columns].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** JSON, of one order of keys; most values are no objects, and quickly told. */
const jsonOf = (value: unknown) =>
  typeof value === 'object' ? canonicalJson(value) : JSON.stringify(value);

/** A setting as a cell, and as `--where` names it: a text as it is, nothing as '', a list as JSON. */
export function settingText(value: unknown): string {
  return typeof value === 'string' ? value : (jsonOf(value) ?? '');
}

/** One text for the values of these columns: two runs have the same one only where they are alike in all of them. */
export function valuesOf(settings: Settings, columns: readonly string[]): string {
  return columns.map((column) => jsonOf(settings.get(column)) ?? '').join('\n');
}
