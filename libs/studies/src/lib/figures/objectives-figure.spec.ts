import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeWhole } from '@winnow/files/disk';
import { type RunConfig, RunFolder } from '@winnow/experiments';
import type { PointsPanel } from '@winnow/report/figures';
import { makeRun } from '../testing/made-run.ts';
import { parseFilter } from '../tidy/run-filter.ts';
import { runFigure } from './run-figure.ts';

let root: string;
const at = (...path: string[]) => join(root, ...path);
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'winnow-objectives-'));
});
afterAll(() => rm(root, { recursive: true }));

const figure = async (...folders: string[]) => {
  const drawn = await runFigure(
    folders.map((folder) => at(folder)),
    { kind: 'objectives' },
  );
  return { ...drawn, panels: drawn.panels as PointsPanel[] };
};

interface Kept {
  readonly method?: string;
  readonly seed: number;
  readonly dense?: number;
  readonly images?: number;
  readonly config?: (known: RunConfig) => Partial<RunConfig>;
  readonly node?: string;
  readonly isFinished?: boolean;
  readonly ticket?: Readonly<Record<string, number>>;
  /** Made by something else, after the others. */
  readonly more?: readonly object[];
}

const BY = { backend: 'cpu', plugins: [], versions: { winnow: '0.1.0' } };

/** A run that has kept values of `kl`; its ticket reaches 2 unless told otherwise. */
async function keep(path: string, { method = 'snip', seed, dense, config, ...kept }: Kept) {
  const { node = '22', images = 9, isFinished = true, ticket = { kl: 2 }, more = [] } = kept;
  const accuracies = [0.5, 0.5] as const;
  const plain = { root: at('plain'), name: path, method, density: 0.1, seed, node, accuracies };
  const known = await makeRun(plain);
  const before = (await known.readConfig())!;
  const folder = new RunFolder(at(path));
  await folder.claim({ ...before, ...config?.(before) });
  if (isFinished) await folder.writeResult((await known.readResult())!);
  const values = {
    ...{ images, ...BY, ticket },
    ...(dense !== undefined && { dense: { kl: dense } }),
  };
  await folder.writeBeside('objectives.json', { values: [values, ...more] });
}

const init = () => ({ start: 'init', rewindEpochs: 0 }) as const;
const compared = (own: object = {}) =>
  JSON.stringify({
    ...{ format: 1, model: 'resnet8', dataset: 'digits', start: 'init', rewindEpochs: 0 },
    tickets: [{ label: 'snip', density: 0.1, seed: 1, values: { kl: 2, loss: null } }],
    dense: [{ seed: 1, values: { kl: 0, loss: 1 } }],
    ...own,
  });

describe('a figure of objectives', () => {
  it('has the values of compare, a panel an objective', async () => {
    await writeWhole(at('compared', 'compare.json'), compared());
    const { panels, notes } = await figure('compared');
    expect(notes).toEqual(['Left out, because not finite: loss of snip (1 of 1).']);
    expect(panels).toMatchObject([
      { name: 'kl', groups: [{ series: 'snip', x: 0.1, mean: 2 }], levels: [{ mean: 0 }] },
    ]);
    const where = [parseFilter('seed=1')];
    await expect(runFigure([at('compared')], { kind: 'objectives', where })).rejects.toMatchObject({
      code: 'OPTION_NOT_USED',
    });
  });

  it('says which values are not finite, a sentence an objective', async () => {
    const values = (kl: number | null, loss: number | null) => ({ kl, loss });
    const ticket = (label: string, seed: number, own: object) => ({
      ...{ label, density: 0.1, seed, values: own },
    });
    const tickets = [
      ticket('snip', 1, values(2, null)),
      ticket('snip', 2, values(null, 3)),
      ticket('cts', 1, values(1, null)),
      ticket('cts', 2, values(2, null)),
    ];
    const dense = [{ seed: 1, values: values(0, null) }];
    await writeWhole(at('infinite', 'compare.json'), compared({ tickets, dense }));
    expect((await figure('infinite')).notes).toEqual([
      'Left out, because not finite: kl of snip (1 of 2).',
      'Left out, because not finite: loss of snip (1 of 2) and 2 more.',
    ]);
  });

  it('has the values that runs have kept over the same images, and says where others are', async () => {
    const samples = [1, 2].map((seed) => ({ seed, x: 0.1, value: 2 }));
    for (const seed of [1, 2]) await keep(`kept/${seed}`, { seed, dense: 1 });
    const { panels, notes } = await figure('kept');
    expect(panels).toMatchObject([{ groups: [{ samples }], levels: [{ mean: 1 }] }]);
    expect(notes).toEqual([]);
    await keep('kept/3', { seed: 3, dense: 5, images: 8 });
    const mixed = await figure('kept');
    expect(mixed.panels).toMatchObject([{ groups: [{ samples }], levels: [{ mean: 1 }] }]);
    expect(mixed.notes).toEqual([
      `Left out, because of other images, backend, plugins or version than those drawn, 9 images on cpu: values in ${at('kept/3')}.`,
    ]);
  });

  it('has the values over the most images, and of those the last ones, where runs have several', async () => {
    const quick = { images: 4, ...BY, ticket: { loss: 7 } };
    const newer = { images: 9, ...BY, versions: { winnow: '0.2.0' }, ticket: { kl: 3 } };
    for (const seed of [1, 2]) await keep(`trial/${seed}`, { seed, more: [quick] });
    const means = async (folder: string) =>
      (await figure(folder)).panels.map(({ name, groups }) => [name, groups[0]!.mean]);
    expect(await means('trial')).toEqual([['kl', 2]]);
    for (const seed of [1, 2]) await keep(`newer/${seed}`, { seed, more: [newer, quick] });
    expect(await means('newer')).toEqual([['kl', 3]]);
    expect((await figure('newer')).notes).toEqual([
      expect.stringMatching(/: values in .*newer.1 and 1 more\.$/),
    ]);
  });

  it('has the values of runs that are not finished, as `compare` leaves them', async () => {
    for (const seed of [1, 2])
      await keep(`tickets/${seed}`, { seed, dense: 1, isFinished: seed > 1 });
    await makeRun({ root: at('tickets'), name: '3', method: 'snip', density: 0.1, seed: 3 });
    const { panels, notes } = await figure('tickets');
    const samples = [1, 2].map((seed) => ({ seed, x: 0.1, value: 2 }));
    expect(panels).toMatchObject([{ groups: [{ samples }], levels: [{ mean: 1 }] }]);
    expect(notes).toEqual([`Left out, because without values of objectives: ${at('tickets/3')}.`]);
    const where = [parseFilter('seed=1')];
    const chosen = await runFigure([at('tickets')], { kind: 'objectives', where });
    expect((chosen.panels as PointsPanel[])[0]!.groups[0]!.samples).toEqual(samples.slice(0, 1));
    await expect(
      runFigure([at('tickets')], { kind: 'objectives', where: [parseFilter('seed=9')] }),
    ).rejects.toMatchObject({ code: 'NO_RUNS', sentence: 'No run has seed=9.' });
  });

  it('takes the dense network once a start point, and kinds of start points for themselves', async () => {
    await keep('starts/a', { seed: 1, dense: 0.4, config: init });
    await keep('starts/b', { method: 'grasp', seed: 1, dense: 0.4, config: init });
    await keep('starts/c', { seed: 2, dense: 0.6, config: init });
    await keep('starts/d', { seed: 1, dense: 2.3 });
    const { panels, looks } = await figure('starts');
    const [{ levels }] = panels as [PointsPanel];
    expect(levels.map(({ series, samples }) => [series, samples])).toEqual([
      [
        'dense (init)',
        [
          { seed: 1, x: 1, value: 0.4 },
          { seed: 2, x: 1, value: 0.6 },
        ],
      ],
      ['dense (rewind after 1)', [{ seed: 1, x: 1, value: 2.3 }]],
    ]);
    expect(levels[0]!.mean).toBeCloseTo(0.5, 12);
    const drawn = looks.filter(({ series }) => series.startsWith('dense'));
    expect(drawn.map(({ series }) => series)).toEqual(['dense (init)', 'dense (rewind after 1)']);
    expect(new Set(drawn.map(({ dash }) => dash)).size).toBe(2);
  });

  it('tells dense networks apart by batches, by weights that they start from and by what led to a rewind point alone', async () => {
    const recipe = (own: Partial<RunConfig['recipe']>) => (known: RunConfig) => ({
      recipe: { ...known.recipe, ...own },
    });
    const series = async (folder: string) => {
      const [{ levels }] = (await figure(folder)).panels as [PointsPanel];
      return levels.map(({ series, samples }) => [series, ...samples.map(({ value }) => value)]);
    };
    const fresh = (own: Partial<RunConfig['recipe']>) => (known: RunConfig) => ({
      ...recipe(own)(known),
      ...init(),
    });
    await keep('init/a', { seed: 1, dense: 0.4, config: init });
    await keep('init/b', { seed: 1, dense: 0.4, config: fresh({ epochs: 8 }) });
    await keep('init/c', { seed: 1, dense: 0.5, config: fresh({ batchSize: 64 }) });
    expect(await series('init')).toEqual([
      ['dense (batch size 32)', 0.4],
      ['dense (batch size 64)', 0.5],
    ]);
    await keep('rewound/a', { seed: 1, dense: 2.3 });
    await keep('rewound/b', { seed: 1, dense: 2.1, config: recipe({ learningRate: 0.2 }) });
    expect(await series('rewound')).toEqual([
      ['dense (learning rate 0.1)', 2.3],
      ['dense (learning rate 0.2)', 2.1],
    ]);
    const weights = (hash: string) => () => ({ ...init(), startWeights: { path: '/w', hash } });
    await keep('given/a', { seed: 1, dense: 3, config: weights('0123') });
    await keep('given/b', { seed: 2, dense: 3, config: weights('0123') });
    await keep('given/c', { seed: 1, dense: 4, config: weights('4567') });
    // Of two seeds, which start from the same weights.
    expect(await series('given')).toEqual([
      ['dense (weights 0123)', 3],
      ['dense (weights 4567)', 4],
    ]);
  });

  it('has every objective of searches by several that a style calls alike', async () => {
    const by = (name: string) => () => ({ objective: { name, given: {}, options: {} } });
    await keep('alike/kl', { method: 'cts', seed: 1, config: by('kl') });
    const ticket = { loss: 3 };
    await keep('alike/loss', { method: 'cts', seed: 1, config: by('loss'), ticket });
    const { panels, notes } = await runFigure([at('alike')], {
      kind: 'objectives',
      style: { series: { 'cts (kl)': { name: 'CTS' }, 'cts (loss)': { name: 'CTS' } } },
    });
    expect((panels as PointsPanel[]).map(({ name, groups }) => [name, groups[0]!.mean])).toEqual([
      ['kl', 2],
      ['loss', 3],
    ]);
    expect(notes).toEqual([]);
  });

  it('counts a seed once, and tells of the other run', async () => {
    await keep('twice/a', { seed: 1, node: '20' });
    await keep('twice/b', { seed: 1, dense: 1, node: '22' });
    const { panels, notes } = await figure('twice');
    expect(panels[0]!.groups[0]!.samples).toEqual([{ seed: 1, x: 0.1, value: 2 }]);
    expect(panels[0]!.levels[0]!.samples).toEqual([{ seed: 1, x: 1, value: 1 }]);
    expect(notes).toEqual([
      `Left out, because a run of the same name, seed and density, to three digits, is there: ${at('twice/b')}.`,
    ]);
  });

  it('names start points, or folders, of comparisons whose panels would be called alike', async () => {
    const rewound = compared({ start: 'rewind', rewindEpochs: 3 });
    for (const [path, text] of [
      ['at/one', compared()],
      ['at/two', rewound],
      ['at/three', rewound],
    ] as const)
      await writeWhole(at(path, 'compare.json'), text);
    const names = async (...folders: string[]) => {
      const { panels } = await figure(...folders);
      expect(new Set(panels.map(({ y }) => y.label))).toEqual(new Set(['kl']));
      return panels.map(({ name }) => name);
    };
    expect(await names('at/one', 'at/two')).toEqual(['kl, init', 'kl, rewind after 3']);
    expect(await names('at/two', 'at/three')).toEqual(['kl, two', 'kl, three']);
    expect(await names('at/one', 'at/one/')).toEqual(['kl']);
  });

  it('says which folders compare wrote nothing into, where it has into others', async () => {
    await writeWhole(at('some', 'compare.json'), compared());
    await keep('beside', { seed: 1, dense: 1 });
    expect((await figure('some', 'beside')).notes.slice(0, 1)).toEqual([
      `Left out, because without a compare.json, where others have one: ${at('beside')}.`,
    ]);
  });
});
