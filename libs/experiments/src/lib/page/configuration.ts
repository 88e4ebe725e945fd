import { type PageBlock, type PageSection, densityText } from '@winnow/report';
import { tellRoad } from '@winnow/training';
import { ABLATIONS } from '../ablations.ts';
import { tellFineTune } from '../fine-tune.ts';
import type { RecordedComponent } from '../recorded-component.ts';
import type { RunConfig } from '../run-config.ts';
import type { RunResult } from '../run-result.ts';

/** What computed a run, as far as it is known. */
type MadeBy = Pick<Partial<RunResult>, 'environments' | 'roads'>;

type Row = readonly [what: string, value: string];

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** `cts (sparsityControl gradbalance, searchEpochs 20)`; places where data lie are not of the run, and stand in `given` alone. */
function tellComponent({ name, options, given }: RecordedComponent): string {
  const words = Object.entries({ ...given, ...options }).map(
    ([option, value]) => `${option} ${shown(value)}`,
  );
  return words.length > 0 ? `${name} (${words.join(', ')})` : name;
}

function recipeRows({ recipe, fineTune, validateEvery }: RunConfig): Row[] {
  const { name, epochs, learningRate, dropEpochs, warmupEpochs, ...rest } = recipe;
  return [
    ['recipe', name],
    ['epochs', String(epochs)],
    [
      'learning rate',
      `${learningRate}${dropEpochs.length > 0 ? `, a tenth from epoch ${dropEpochs.join(', again from ')} on` : ''}${warmupEpochs > 0 ? `, ${warmupEpochs} epochs of warm-up` : ''}`,
    ],
    ['batch size', String(rest.batchSize)],
    ['weight decay', String(rest.weightDecay)],
    ['momentum', String(rest.momentum)],
    ['gradients clipped to norm', String(rest.clipNorm)],
    ...(fineTune ? [['fine-tuned', tellFineTune(fineTune)] as const] : []),
    ...(validateEvery === undefined
      ? []
      : [['validated', `every ${validateEvery} epochs`] as const]),
  ];
}

/** A row an option, everything that decides the numbers. */
function configurationRows(config: RunConfig): Row[] {
  const { dataset, input, density, startWeights, start, rewindEpochs, ablation, plugins } = config;
  return [
    ['method', tellComponent(config.method)],
    ...(config.objective ? [['objective', tellComponent(config.objective)] as const] : []),
    ...(ablation ? [['ablation', `the ticket is ${ABLATIONS[ablation].done}`] as const] : []),
    ['density asked for', densityText(density)],
    ...(config.leaveOut ? [['left out of pruning', config.leaveOut.join(', ')] as const] : []),
    ...Object.entries(config.layerDensities ?? {}).map(
      ([pattern, own]) => [`density of ${pattern}`, densityText(own)] as const,
    ),
    ['model', tellComponent(config.model)],
    ['data set', tellComponent(dataset)],
    ['checksum of the data', dataset.checksum],
    ['images', `${input.height} × ${input.width} × ${input.channels}, ${config.classes} classes`],
    ['seed', String(config.seed)],
    ['start', start === 'init' ? 'initialisation' : `rewound to epoch ${rewindEpochs}`],
    ...(startWeights
      ? [['start weights', `${startWeights.path} (${startWeights.hash})`] as const]
      : []),
    ...recipeRows(config),
    ...plugins.map(
      ({ name, version, specifier, sha256, brings }) =>
        [
          `plugin ${name}`,
          `${brings ? `${brings.join(', ')}: ` : ''}${specifier}${version === undefined ? '' : `, version ${version}`}, sha256 ${sha256}`,
        ] as const,
    ),
  ];
}

/** By what the numbers were computed; a column each where a run was gone on with by something else. */
function environmentTable(config: RunConfig, { environments = [], roads }: MadeBy): PageBlock {
  const made = environments.length > 0 ? environments : [config.versions];
  const names = [...new Set(['backend', ...made.flatMap((one) => Object.keys(one))])];
  const own = { backend: config.backend };
  // Roads are told in words below.
  const rows = names
    .filter((name) => !name.endsWith('Road'))
    .map((name) => [name, ...made.map((one) => ({ ...own, ...one })[name] ?? 'none')]);
  const again = made.slice(1).map((_, i) => `gone on with (${i + 1})`);
  const told = roads
    ? [
        ...(roads.search ? [['search', tellRoad(roads.search)]] : []),
        ['training', tellRoad(roads.train)],
        ['evaluation', tellRoad(roads.evaluate)],
      ]
    : [];
  return {
    kind: 'table',
    caption: 'What computed it',
    columns: ['what', 'begun with', ...again],
    rows: [...rows, ...told],
  };
}

export function configurationSection(
  config: RunConfig,
  result: MadeBy,
  command: string | undefined,
): PageSection {
  return {
    heading: 'How it was made',
    blocks: [
      ...(command === undefined
        ? ['No single command makes it: `config.json` in its folder has everything.']
        : [
            'The same again, from the folder that it was begun in:',
            { kind: 'command', command } as const,
          ]),
      {
        kind: 'table',
        caption: 'Configuration',
        columns: ['option', 'value'],
        rows: configurationRows(config),
      },
      environmentTable(config, result),
    ],
  };
}
