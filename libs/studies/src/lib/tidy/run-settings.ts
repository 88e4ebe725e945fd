import { canonicalJson } from '@winnow/experiments';
import { type ToldRun, inTurn, instructionSets, programsIn } from '../results/told-run.ts';
import { versionOf } from '../results/version-notes.ts';

/** What a run was asked to be, and by what it was made, by column; a run has no column for what it does without. */
export type Settings = ReadonlyMap<string, unknown>;

/** What columns are called, or begin with before their point, in their order. */
const ORDER = [
  ...['method', 'objective', 'density', 'leaveOut', 'layerDensities', 'ablation'],
  ...['model', 'dataset', 'data', 'start', 'rewindEpochs', 'startWeights'],
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

/** Names are those of `config.json`; options are `method.scope`, hashes are cut to 12 digits. */
export function runSettings(run: ToldRun): Settings {
  const { config } = run;
  const component = (kind: 'method' | 'objective' | 'model' | 'dataset') => [
    [kind, config[kind]?.name] as const,
    ...Object.entries(config[kind]?.options ?? {}).map(
      ([name, value]) => [`${kind}.${name}`, value] as const,
    ),
  ];
  const { name: recipe, ...numbers } = config.recipe;
  const instructions = instructionSets(run);
  const all: (readonly [string, unknown])[] = [
    ...component('method'),
    ...component('objective'),
    ['density', config.density],
    ['leaveOut', config.leaveOut],
    [
      'layerDensities',
      // A list, since their order counts.
      config.layerDensities && Object.entries(config.layerDensities).map((own) => own.join('=')),
    ],
    ['ablation', config.ablation],
    ...component('model'),
    ...component('dataset'),
    ['data', shortHash(config.dataset.checksum)],
    ['start', config.start],
    ['rewindEpochs', config.rewindEpochs],
    ['startWeights', config.startWeights && shortHash(config.startWeights.hash)],
    ['recipe', recipe],
    ...Object.entries(numbers),
    ['fineTune', config.fineTune && true],
    ...Object.entries(config.fineTune ?? {}).map(
      ([name, value]) => [`fineTune.${name}`, value] as const,
    ),
    ['seed', config.seed],
    ['backend', config.backend],
    ['instructions', instructions.length > 0 ? inTurn(instructions) : undefined],
    ...config.plugins.map(({ name, sha256 }) => [`plugin.${name}`, shortHash(sha256)] as const),
    ...programsIn(run).map((program) => [`version.${program}`, versionOf(run, program)] as const),
  ];
  return new Map(all.filter(([, value]) => value !== undefined));
}

/** Every column that any of these has, in their order. */
export function columnsOf(all: readonly Settings[]): string[] {
  const columns = new Set(all.flatMap((settings) => [...settings.keys()]));
  const rank = (column: string) => ORDER.indexOf(headOf(column));
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
