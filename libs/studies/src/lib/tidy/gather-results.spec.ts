import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Made, makeRun } from '../testing/made-run.ts';
import { type ResultsRequest, gatherResults } from './gather-results.ts';
import { formatResults } from './result-formats.ts';
import { parseFilter } from './run-filter.ts';

let root: string;

const CTS: Omit<Made, 'root' | 'seed'> = {
  method: 'cts',
  options: { searchEpochs: 20 },
  objective: 'kl',
  density: 0.0073787,
};
const SNIP: Omit<Made, 'root' | 'seed'> = {
  method: 'snip',
  options: { scope: 'global' },
  density: 0.0073787,
};

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'winnow-results-'));
  const accuracies = [0.5, 0.7, 0.6];
  for (const [i, testLoss] of [1, 2, 3].entries())
    await makeRun({ root, ...CTS, seed: i, accuracies: [accuracies[i]!, 0.9], testLoss });
  for (const [i, testLoss] of [0, 0.5, 1.5].entries())
    await makeRun({ root, ...SNIP, seed: i, accuracies: [0.25, 0.3], testLoss });
  await makeRun({ root, ...SNIP, density: 0.2, seed: 1, accuracies: [0.75, 0.8] });
  await makeRun({ root, ...SNIP, density: 0.1, seed: 1 });
  await cp(join(root, 'snip-0.2-1'), join(root, 'snip-copied'), { recursive: true });
});
afterAll(() => rm(root, { recursive: true }));

const results = (request: Partial<ResultsRequest> = {}, ...where: string[]) =>
  gatherResults([root], {
    where: where.map(parseFilter),
    figures: ['testAccuracy'],
    rows: 'runs',
    ...request,
  });

describe('a row a run', () => {
  it('has for programs every setting and figure, a column each', async () => {
    const { columns, rows } = (await results({ figures: 'all' })).data();
    const told = [
      ...['method', 'method.scope', 'method.searchEpochs', 'objective', 'density', 'model'],
      ...['dataset', 'data', 'input.channels', 'input.height', 'input.width', 'classes', 'start'],
      ...['rewindEpochs', 'recipe', 'epochs', 'batchSize', 'learningRate', 'dropEpochs'],
      ...['warmupEpochs', 'weightDecay', 'momentum', 'clipNorm', 'fineTune', 'seed', 'backend'],
      ...['version.node'],
    ];
    expect(columns.slice(0, 1 + told.length)).toEqual(['folder', ...told]);
    expect(rows).toHaveLength(7);
    const first = Object.fromEntries(columns.map((name, i) => [name, rows[0]![i]]));
    expect(first).toMatchObject({
      ...{ folder: join(root, 'cts-0.0073787-0'), method: 'cts', 'method.searchEpochs': 20 },
      ...{ objective: 'kl', density: 0.0073787, dataset: 'digits', dropEpochs: [2], seed: 0 },
      ...{ testAccuracy: 0.5, testLoss: 1, keptDensity: 0.0073787, 'minutes.train': 2 },
    });
    expect(first['method.scope']).toBeUndefined();
    expect(first['peakMemoryBytes']).toBeUndefined();
  });

  it('has for people what differs: no option that only other methods have', async () => {
    const { shown, notes } = await results();
    expect(shown().columns).toEqual([
      'method',
      'objective',
      'density',
      'seed',
      'test accuracy (%)',
    ]);
    expect(shown().rows.slice(2, 5)).toEqual([
      ['cts', 'kl', '0.0073787', '2', '60.00'],
      ['snip', '', '0.2', '1', '75.00'],
      ['snip', '', '0.0073787', '0', '25.00'],
    ]);
    expect(notes).toEqual([
      `Left out, because not finished: ${join(root, 'snip-0.1-1')}.`,
      `Left out, because a copy of another one: ${join(root, 'snip-copied')}.`,
    ]);
  });

  it('leaves nothing out that is not meant', async () => {
    expect((await results({}, 'method=cts')).notes).toEqual([]);
    expect((await results({}, 'density=0.2')).notes).toEqual([
      `Left out, because a copy of another one: ${join(root, 'snip-copied')}.`,
    ]);
  });

  it('takes no run for a copy of one that is fine-tuned, or has the value for another option', async () => {
    const place = await mkdtemp(join(tmpdir(), 'winnow-alike-'));
    const make = (name: string, made: Partial<Made>) =>
      makeRun({ root: place, ...SNIP, seed: 1, accuracies: [0.5, 0.5], name, ...made });
    await make('a', {});
    await make('b', { fineTune: { epochs: 2, learningRate: 0.001, schedule: 'linear' } });
    await make('c', { options: { rounds: 3 } });
    await make('d', { options: { steps: 3 } });
    await make('e', { node: '20' });
    const { shown, data, notes } = await gatherResults([place], {
      ...{ where: [], figures: ['testAccuracy'], rows: 'runs' },
    });
    expect(notes).toEqual([]);
    const { columns, rows } = data();
    const told = (name: string) =>
      ['', '.epochs', '.learningRate', '.schedule'].map(
        (part) =>
          rows.find(([folder]) => folder === join(place, name))![
            columns.indexOf(`fineTune${part}`)
          ],
      );
    expect(told('b')).toEqual([true, 2, 0.001, 'linear']);
    expect(told('a')).toEqual([false, undefined, undefined, undefined]);
    expect(shown().columns).toContain('fineTune');
    await rm(place, { recursive: true });
  });

  it.each([
    [['method=cts'], 3],
    [['method=cts,snip', 'density>0.1'], 1],
    [['method!=cts', 'seed=1'], 2],
    [['method.searchEpochs='], 4],
    [['density=0.00737870'], 6],
    [['density<=0.0073787', 'seed>=1', 'seed<2'], 2],
    [['dropEpochs=[2]'], 7],
  ])('is told where it fits %j', async (where, count) => {
    expect((await results({}, ...where)).shown().rows).toHaveLength(count);
  });

  it('asks for what there is', async () => {
    await expect(results({}, 'metod=cts')).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
      message: expect.stringContaining('Did you mean "method"?'),
    });
    await expect(results({}, 'seed<2', 'method=grasp')).rejects.toMatchObject({
      ...{ code: 'NO_RUNS', sentence: 'No finished run has seed<2 and method=grasp.' },
      message: expect.stringContaining('Finished runs have method cts, snip;'),
    });
    await expect(results({ figures: ['accuracy'] })).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
    });
    for (const wrong of ['method', '=cts', 'density<low'])
      expect(() => parseFilter(wrong)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});

describe('a row a group', () => {
  it('has n, mean, sample deviation and 95 % interval over the seeds', async () => {
    const { data, shown, notes } = await results({ rows: 'means' });
    const { columns, rows } = data();
    const cts = Object.fromEntries(columns.map((name, i) => [name, rows[0]![i]]));
    expect(cts).toMatchObject({ method: 'cts', density: 0.0073787, epochs: 4, runs: 3 });
    expect(cts['testAccuracy.n']).toBe(3);
    expect(cts['testAccuracy.mean']).toBeCloseTo(0.6, 12);
    expect(cts['testAccuracy.deviation']).toBeCloseTo(0.1, 12);
    // t of 2 degrees of freedom is 4.302653 at 0.975, and the standard error 0.1 / √3.
    expect(cts['testAccuracy.low']).toBeCloseTo(0.6 - 0.2484138, 6);
    expect(cts['testAccuracy.high']).toBeCloseTo(0.6 + 0.2484138, 6);
    expect(columns).not.toContain('seed');
    expect(shown()).toEqual({
      columns: ['method', 'objective', 'density', 'n', 'test accuracy (%)', '95 %'],
      rows: [
        ['cts', 'kl', '0.0073787', '3', '60.00 ± 10.00', '35.16 to 84.84'],
        ['snip', '', '0.2', '1', '75.00', ''],
        ['snip', '', '0.0073787', '3', '25.00 ± 0.00', '25.00 to 25.00'],
      ],
    });
    expect(notes).toHaveLength(2);
  });

  it('says of a figure that not all of its runs have, how many have it', async () => {
    const { shown, notes } = await results({
      rows: 'means',
      groupBy: ['method'],
      figures: ['testLoss'],
    });
    expect(shown().rows[1]).toEqual(['snip', '4', '0.6667 ± 0.7638 (n = 3)', '-1.231 to 2.564']);
    expect(notes.slice(-2)).toEqual([
      'Runs of one row differ in density.',
      'Some rows have several runs of one seed.',
    ]);
  });

  it('shows small minutes, and no sign of what is 0', async () => {
    const place = await mkdtemp(join(tmpdir(), 'winnow-small-'));
    for (const [seed, search] of [0.001, 0.002].entries())
      await makeRun({ root: place, ...SNIP, seed, search, accuracies: [1e-6 * seed, 0] });
    const figures = ['minutes.search', 'testAccuracy'];
    const { shown } = await gatherResults([place], { where: [], figures, rows: 'means' });
    // t of 1 degree of freedom is 12.7062 at 0.975: 0.0015 ± 12.7062 · 0.0005, and 0.00005 % ± 0.000635 %.
    expect(shown().rows[0]!.slice(2)).toEqual([
      ...['0.0015 ± 0.00071', '-0.0049 to 0.0079', '0.00 ± 0.00', '0.00 to 0.00'],
    ]);
    await rm(place, { recursive: true });
  });

  it('has no value that is no number', async () => {
    const all = { rows: 'means', figures: 'all' } as const;
    for (const format of ['csv', 'json', 'table', 'markdown', 'latex'] as const)
      expect(formatResults(await results(all), format)).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('a row a test', () => {
  const WELCH = { rows: { testOf: ['cts', 'snip'] } } as const;

  it('is Welch’s, where both methods have runs that are alike in all else', async () => {
    const { data } = await results({ ...WELCH, figures: ['testLoss'] });
    const { columns, rows } = data();
    expect(rows).toHaveLength(1);
    const test = Object.fromEntries(columns.map((name, i) => [name, rows[0]![i]]));
    expect(test).toMatchObject({
      ...{ density: 0.0073787, 'a.method': 'cts', 'a.objective': 'kl', 'b.method': 'snip' },
      ...{ figure: 'testLoss', 'a.n': 3, 'a.mean': 2, 'b.n': 3 },
    });
    // As @stdlib/stats-ttest2 gives it for these numbers.
    expect(test['t']).toBeCloseTo(1.8353258709644944, 12);
    expect(test['df']).toBeCloseTo(3.740932642487047, 12);
    expect(test['p']).toBeCloseTo(0.14529779528264603, 7);
    expect(test['low']).toBeCloseTo(-0.7400084903730163, 6);
    expect(test['high']).toBeCloseTo(3.406675157039683, 6);
  });

  it('is told of people by what the methods reach', async () => {
    const { shown } = await results({ ...WELCH, figures: ['testLoss'] });
    expect(shown()).toEqual({
      columns: ['density', 'cts', 'snip', 'difference', '95 %', 't', 'df', 'p'],
      rows: [
        [
          ...['0.0073787', '2 ± 1 (n = 3)', '0.6667 ± 0.7638 (n = 3)', '1.333'],
          ...['-0.74 to 3.407', '1.84', '3.74', '0.145'],
        ],
      ],
    });
  });

  it('is made of each part of a method’s runs, and of none that are not alike', async () => {
    const place = await mkdtemp(join(tmpdir(), 'winnow-welch-'));
    const request = { where: [], figures: ['testAccuracy'], ...WELCH };
    for (const seed of [1, 2]) {
      await makeRun({ root: place, ...SNIP, seed, accuracies: [0.2 + seed / 100, 0.1] });
      for (const objective of ['kl', 'loss'])
        await makeRun({
          ...{ root: place, ...CTS, objective, seed, name: `${objective}${seed}` },
          accuracies: [0.5, 0.1],
        });
    }
    await makeRun({ root: place, ...CTS, epochs: 8, seed: 1, accuracies: [0.9, 0.9] });
    const { shown } = await gatherResults([place], request);
    expect(shown().columns.slice(0, 3)).toEqual(['epochs', 'cts: objective', 'cts']);
    expect(shown().rows.map((row) => row.slice(0, 3))).toEqual([
      ['4', 'kl', '50.00 ± 0.00 (n = 2)'],
      ['4', 'loss', '50.00 ± 0.00 (n = 2)'],
    ]);
    const alone = { ...request, where: [parseFilter('epochs=8,4'), parseFilter('seed=1')] };
    const single = (await gatherResults([place], alone)).shown();
    expect(single.rows[0]!.slice(-5)).toEqual(['29.00', '', '', '', '']);
    const apart = { ...request, where: [parseFilter('objective!=loss')], groupBy: ['seed'] };
    expect((await gatherResults([place], apart)).notes).toContain(
      'Runs of one row differ in epochs.',
    );
    await expect(
      gatherResults([place], { ...request, rows: { testOf: ['cts', 'grasp'] } }),
    ).rejects.toMatchObject({ code: 'UNKNOWN_NAME' });
    await rm(place, { recursive: true });
  });
});
