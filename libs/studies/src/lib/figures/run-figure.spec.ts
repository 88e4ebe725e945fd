import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunFolder } from '@winnow/experiments';
import type { CurvesPanel, FigurePanel, PointsPanel, RowsPanel } from '@winnow/report/figures';
import { Ticket } from '@winnow/tickets';
import { type Made, makeRun } from '../testing/made-run.ts';
import { parseFilter } from '../tidy/run-filter.ts';
import { type FigureKind, type FigureRequest, runFigure } from './run-figure.ts';

let root: string;
const at = (...path: string[]) => join(root, ...path);

const run = (where: string, made: Omit<Made, 'root'>) => makeRun({ root: at(where), ...made });
const CTS = { method: 'cts', objective: 'kl' };

const figure = (kind: FigureKind, where: string, request: Partial<FigureRequest> = {}) =>
  runFigure([at(where)], { kind, ...request });

async function stepped(folder: RunFolder, rows: readonly object[]): Promise<void> {
  const header = { format: 2, run: await folder.identity() };
  const lines = [header, ...rows].map((row) => `${JSON.stringify(row)}\n`);
  await folder.store.write('metrics.jsonl', lines.join(''));
}

const step = (phase: string, step: number, values: object) => ({
  phase,
  step,
  epoch: 0,
  ...values,
});

async function ticketed(
  folder: RunFolder,
  kept: Readonly<Record<string, number[]>>,
): Promise<void> {
  const layers = Object.entries(kept).map(
    ([name, bits]) => [name, { shape: [bits.length], kept: Uint8Array.from(bits) }] as const,
  );
  const provenance = {
    ...{ method: 'cts', model: 'resnet8', density: 0.5, weightsHash: 'c0ffee' },
    ...{ start: 'rewind', seed: 1, options: {} },
  } as unknown as Ticket['provenance'];
  await folder.writeTicket(new Ticket({ layers: new Map(layers), provenance }));
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'winnow-figures-'));
  for (const [seed, testAccuracy] of [0.5, 0.6, 0.7].entries()) {
    const folder = await run('runs', {
      ...CTS,
      density: 0.1,
      seed,
      accuracies: [testAccuracy, 0.9],
    });
    await ticketed(folder, {
      'stem.weight': [1, 1, 0, 0],
      'head.weight': seed === 0 ? [0, 0] : [1, 0],
    });
    await stepped(folder, [
      step('search', 1, { objective: 2 + seed, density: 0.3, targetDensity: 0.11, lambda: 0 }),
      step('search', 2, { objective: 1 + seed, density: 0.2, targetDensity: 0.11, lambda: 0.1 }),
      step('train', 1, { loss: 1 + seed }),
    ]);
  }
  await run('runs', { ...CTS, density: 0.02, seed: 0, accuracies: [0.4, 0.8] });
  await run('runs', { method: 'snip', density: 0.1, seed: 0, accuracies: [0.3, 0.3] });
  await run('runs', { method: 'snip', density: 0.1, seed: 1 });
  await run('runs', { method: 'dense', density: 1, seed: 0, accuracies: [0.95, 0.9] });
  for (let scope = 0; scope < 5; scope++)
    for (const method of ['snip', 'grasp'])
      for (const density of [0.1, 0.2])
        await run('many', {
          ...{ name: `${method}-${scope}-${density}`, method, density, seed: 1 },
          ...{ options: { scope }, accuracies: [0.5, 0.5] },
        });
  for (const [name, node, seed, accuracy] of [
    ['a', '20', 1, 0.5],
    ['b', '22', 1, 0.5],
    ['c', '22', 2, 0.7],
  ] as const) {
    const own = { ...CTS, name, node, density: 0.1, seed, accuracies: [accuracy, 0.9] } as const;
    const folder = await run('twice', own);
    await ticketed(folder, { 'stem.weight': [1, 0] });
    await stepped(folder, [step('search', 1, { objective: 2 }), step('train', 1, { loss: 1 })]);
  }
  for (const model of ['resnet8', 'lenet'])
    await run('mixed', {
      method: 'snip',
      model,
      name: model,
      density: 0.1,
      seed: 1,
      accuracies: [0.5, 0.5],
    });
});
afterAll(() => rm(root, { recursive: true }));

describe('a figure of accuracy', () => {
  it('has the mean of each series at each density, with every seed, and the dense network as a level', async () => {
    const { panels, looks, notes } = await figure('accuracy', 'runs');
    const [panel] = panels as [PointsPanel];
    expect(panels).toHaveLength(1);
    expect(panel).toMatchObject({ kind: 'points', name: 'resnet8 on digits' });
    expect(panel.x.ticks).toEqual([0.1, 0.02]);
    const cts = panel.groups.filter(({ series }) => series === 'cts (kl)');
    expect(cts.map(({ x, samples }) => [x, samples.length])).toEqual([
      [0.02, 1],
      [0.1, 3],
    ]);
    expect(cts[0]).toMatchObject({ mean: 0.4, interval: null });
    expect(cts[1]!.mean).toBeCloseTo(0.6, 12);
    // Student's t of two degrees of freedom, 4.302653, over √3, of a deviation of 0.1.
    expect(cts[1]!.interval![1] - 0.6).toBeCloseTo(0.248414, 5);
    expect(panel.levels).toMatchObject([
      { series: 'dense', mean: 0.95 },
      { series: 'chance', mean: 0.1, aside: true },
    ]);
    expect(looks.map(({ name }) => name)).toEqual(['cts (kl)', 'snip', 'dense', 'chance']);
    expect(notes).toEqual([`Left out, because not finished: ${at('runs', 'snip-0.1-1')}.`]);
    const where = [parseFilter('method=cts')];
    expect((await figure('accuracy', 'runs', { where })).notes).toEqual([]);
  });

  it('is of rows at a single density, the dense network one of them', async () => {
    const { panels } = await figure('accuracy', 'runs', { where: [parseFilter('density>0.05')] });
    const [panel] = panels as [RowsPanel];
    expect(panel.kind).toBe('rows');
    expect(panel.groups.map(({ series, mean }) => [series, mean.toFixed(2)])).toEqual([
      ['dense', '0.95'],
      ['cts (kl)', '0.60'],
      ['snip', '0.30'],
    ]);
  });

  it('has one series of those that a style calls by one name, the looks of the first', async () => {
    for (const [seed, testAccuracy] of [0.3, 0.5].entries())
      await run('joined', {
        ...{ name: `${seed}`, method: 'snip', options: { scope: seed }, density: 0.1, seed },
        accuracies: [testAccuracy, 0.5],
      });
    const series = {
      'snip (scope 1)': { name: 'SNIP', marker: 'wye' as const },
      'snip (scope 0)': { name: 'SNIP' },
      'snip (scope 2)': { name: 'none' },
    };
    const { panels, looks, notes } = await figure('accuracy', 'joined', { style: { series } });
    const [panel] = panels as [RowsPanel];
    expect(panel.groups.map(({ mean, samples }) => [mean, samples.length])).toEqual([[0.4, 2]]);
    expect(looks.slice(0, 1)).toMatchObject([{ name: 'SNIP', marker: 'wye' }]);
    expect(notes).toEqual([expect.stringContaining('"snip (scope 2)"')]);
    const hidden = await figure('accuracy', 'joined', {
      style: { series, hide: ['snip (scope 0)'] },
    });
    expect((hidden.panels as [RowsPanel])[0].groups.map(({ mean }) => mean)).toEqual([0.5]);
    expect(hidden.notes).toEqual([expect.stringContaining('"snip (scope 2)"')]);
  });

  it('has a panel a method where series are many, and the others behind', async () => {
    const { panels, looks } = await figure('accuracy', 'many');
    const [grasp, snip] = panels as [PointsPanel, PointsPanel];
    expect([grasp.name, snip.name]).toEqual(['grasp', 'snip']);
    expect([grasp.groups.length, grasp.behind!.length]).toEqual([10, 10]);
    expect(grasp.behind).toEqual(snip.groups);
    const told = looks.map(({ colour, marker }) => `${colour} ${marker}`);
    expect(new Set(told.slice(0, 10)).size).toBe(10);
  });

  it('has a panel a network and data set', async () => {
    const { panels } = await figure('accuracy', 'mixed');
    expect(panels.map(({ name }) => name)).toEqual(['lenet on digits', 'resnet8 on digits']);
    const cost = await figure('cost', 'mixed');
    expect(cost.panels[1]!.name).toBe('resnet8 on digits, 10 % of weights');
  });
});

it('figures have no chance where data sets of one name differ in their number of classes', async () => {
  for (const classes of [2, 5]) {
    const own = { ...CTS, name: `${classes}`, classes, seed: classes } as const;
    await run('classes', { ...own, density: 0.1, accuracies: [0.5, 0.5] });
  }
  for (const kind of ['accuracy', 'cost'] as const) {
    const { panels, looks } = await figure(kind, 'classes');
    expect((panels as PointsPanel[])[0]!.levels).toEqual([]);
    expect(looks.map(({ series }) => series)).toEqual(['cts (kl)']);
    const where = [parseFilter('classes=5')];
    const [panel] = (await figure(kind, 'classes', { where })).panels as [PointsPanel];
    expect(panel.levels).toMatchObject([{ series: 'chance', mean: 0.2 }]);
  }
});

it('a figure of cost has a panel a density, at the mean cost', async () => {
  const { panels } = await figure('cost', 'runs');
  expect(panels.map(({ name }) => name)).toEqual(['10 % of weights', '2 % of weights']);
  const [first] = panels as [PointsPanel];
  // Of seeds 0, 1 and 2, whose searches took as many minutes.
  expect(first.groups[0]).toMatchObject({ series: 'cts (kl)', x: 1 });
  await expect(figure('cost', 'runs', { cost: 'multiply-adds' })).rejects.toMatchObject({
    code: 'NO_FIGURE',
  });
});

it('a figure of layers has what tickets keep of each, from input to output', async () => {
  const { panels, notes } = await figure('layers', 'runs');
  const [panel] = panels as [PointsPanel];
  expect([panels.length, panel.x.names]).toEqual([1, ['stem', 'head']]);
  expect(panel.groups.map(({ x, mean, samples }) => [x, mean, samples[0]!.value])).toEqual([
    [1, 0.5, 0.5],
    [2, 1 / 3, 0],
  ]);
  expect(notes.at(-1)).toMatch(/^Left out, because without a ticket: .*cts-0.02-0 and 1 more\.$/);
});

it('figures of searches and of training have seeds, their mean, and the target', async () => {
  const { panels } = await figure('search', 'runs');
  const [objective, density, lambda] = panels as CurvesPanel[];
  expect(panels.map(({ y }) => y.label)).toEqual(['Objective', 'Expected density (%)', 'λ']);
  expect(objective!.curves.map(({ seed }) => seed)).toEqual([0, 1, 2, undefined]);
  expect(objective!.curves[3]!.points).toEqual([
    { x: 1, value: 3 },
    { x: 2, value: 2 },
  ]);
  expect([objective!, density!, lambda!].map(({ targets }) => targets)).toEqual([
    [],
    [{ series: 'cts (kl)', value: 0.11 }],
    [],
  ]);
  const learning = await figure('learning', 'runs');
  expect(learning.panels.map(({ y }) => y.label)).toEqual(['Training loss']);
});

it('a figure of layers has a layer that the first run leaves out where the others have it', async () => {
  const own = { ...CTS, density: 0.1, accuracies: [0.5, 0.5] } as const;
  const bits = [1, 0];
  const rest = { 'stage1.conv.weight': bits, 'head.fc.weight': bits };
  await ticketed(await run('partly', { ...own, seed: 1 }), rest);
  await ticketed(await run('partly', { ...own, seed: 2 }), { 'stem.conv.weight': bits, ...rest });
  const { panels } = await figure('layers', 'partly');
  expect(panels[0]!.x.names).toEqual(['stem.conv', 'stage1.conv', 'head.fc']);
});

describe('a run that was made anew by another version', () => {
  it.each(['accuracy', 'cost', 'layers', 'search', 'learning'] as const)(
    'is no second seed in a figure of %s, which says so',
    async (kind) => {
      const { panels, notes } = await figure(kind, 'twice');
      const [panel] = panels as [FigurePanel];
      const seeds =
        panel.kind === 'curves'
          ? panel.curves.map(({ seed }) => seed)
          : panel.groups[0]!.samples.map(({ seed }) => seed);
      expect(seeds).toEqual(panel.kind === 'curves' ? [1, 2, undefined] : [1, 2]);
      expect(notes).toEqual([
        `Left out, because a run of the same name, seed and density, to three digits, is there: ${at('twice', 'b')}.`,
      ]);
    },
  );

  it('narrows no interval', async () => {
    const { panels } = await figure('cost', 'twice');
    const [{ groups }] = panels as [PointsPanel];
    expect(groups[0]!.mean).toBeCloseTo(0.6, 12);
    // Student's t of one degree of freedom, 12.7062, over √2, of a deviation of 0.1 · √2.
    expect(groups[0]!.interval![1] - 0.6).toBeCloseTo(1.27062, 5);
  });
});

it('says which runs cannot be read, have counted no cost and have kept no steps', async () => {
  const own = { ...CTS, density: 0.1, accuracies: [0.5, 0.5] } as const;
  await ticketed(await run('left', { ...own, seed: 1 }), { 'stem.weight': [1, 0] });
  const counted = await run('left', { ...own, seed: 2 });
  await stepped(counted, [step('search', 1, { objective: 2 })]);
  const multiplyAddsSpent = { pretrain: 0, search: 100, train: 100, evaluate: 0 };
  const result = JSON.parse(await readFile(counted.file('result.json'), 'utf8')) as object;
  await counted.writeBeside('result.json', { ...result, multiplyAddsSpent });
  await run('left', { method: 'snip', density: 0.1, seed: 1, accuracies: [0.5, 0.5] });
  await mkdir(at('left', 'foreign'));
  await writeFile(at('left', 'foreign', 'config.json'), '{"name": "someone else"}');
  const foreign = `Left out, because not readable as a run: ${at('left', 'foreign')}.`;
  const without = at('left', 'cts-0.1-1');
  expect((await figure('accuracy', 'left')).notes).toEqual([foreign]);
  expect((await figure('cost', 'left', { cost: 'multiply-adds' })).notes).toEqual([
    foreign,
    `Left out, because without multiply-adds of a search: ${without} and 1 more.`,
  ]);
  // A method that takes no steps has none to keep.
  expect((await figure('search', 'left')).notes).toEqual([
    foreign,
    `Left out, because without steps: ${without}.`,
  ]);
});

it.each([
  ['checks', 'winnow check RUN'],
  ['objectives', 'winnow compare RUNS'],
  ['layers', 'keep: [ticket]'],
  ['search', 'keep: [metrics]'],
  ['learning', 'keep: [metrics]'],
] as const)('says of what makes a figure of %s where runs do not', async (kind, hint) => {
  await expect(figure(kind, 'many')).rejects.toMatchObject({
    code: 'NO_FIGURE',
    message: expect.stringContaining(hint),
  });
});
