import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseHTML } from 'linkedom';
import type { PageTable } from '@winnow/report';
import { type Made, makeRun } from '../testing/made-run.ts';
import { parseFilter } from '../tidy/run-filter.ts';
import type { WorldResults } from './world-results.ts';
import { resultsPage } from './results-page.ts';
import { resultsReport } from './results-report.ts';
import { writeResultsReport } from './write-results-report.ts';

let root: string;
const make = (made: Omit<Made, 'root'> & { root?: string }) => makeRun({ root, ...made });

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'winnow-report-'));
  await make({ method: 'snip', density: 0.1, seed: 1, accuracies: [0.5, 0.4] });
  await make({ method: 'snip', density: 0.1, seed: 2, accuracies: [0.6, 0.7] });
  await make({ method: 'snip', density: 0.2, seed: 1, accuracies: [0.8, 0.9] });
  await make({ method: 'snip', density: 0.2, seed: 2 });
  const rounds: Made['rounds'] = [
    [1000, 0.95],
    [320, 0.85],
    [100, 0.65],
  ];
  await make({ method: 'ltr', density: 0.1, seed: 1, accuracies: [0.7, 0.65], rounds });
});
afterAll(() => rm(root, { recursive: true }));

describe('resultsReport', () => {
  it('gives mean and standard deviation by method and density', async () => {
    const { worlds, text } = await resultsReport([root], 'test');
    const [{ accuracy, minutes }] = worlds as [WorldResults];
    expect(accuracy.columns).toEqual(['method', '20 %', '10 %']);
    expect(accuracy.rows).toEqual([
      ['ltr', '', '70.0 (n = 1)'],
      ['snip', '80.0 (n = 1)', '55.0 ± 7.1 (n = 2)'],
    ]);
    expect(minutes.rows[1]).toEqual(['snip', '3', '1, 2', '20 %, 10 %', '0.50', '1.33', '2.00']);
    expect(text).toContain('Missing seeds: ltr at 10 %: 2; snip at 20 %: 2.');
    expect(text.at(-1)).toBe(`Left out, because not finished: ${join(root, 'snip-0.2-2')}.`);
  });

  it('may be of some runs, whose seeds alone count', async () => {
    const report = await resultsReport([root], 'test', [parseFilter('density<0.2')]);
    const { worlds, text, unfinished, leftOut } = report;
    expect(worlds[0]!.accuracy.rows).toEqual([
      ['ltr', '70.0 (n = 1)'],
      ['snip', '55.0 ± 7.1 (n = 2)'],
    ]);
    expect(text).toContain('Missing seeds: ltr at 10 %: 2.');
    // That of 0.2 is not meant.
    expect([unfinished, leftOut]).toEqual([[], []]);
    const twenty = await resultsReport([root], 'test', [parseFilter('density=0.2')]);
    expect(twenty.unfinished).toMatchObject([{ folder: join(root, 'snip-0.2-2') }]);
    await expect(resultsReport([root], 'test', [parseFilter('seed=9')])).rejects.toMatchObject({
      code: 'NO_RUNS',
      sentence: 'No finished run has seed=9.',
    });
  });

  it('tells the densities of which minutes are, of many the ends', async () => {
    const place = await mkdtemp(join(tmpdir(), 'winnow-densities-'));
    const own = { method: 'snip', seed: 1, accuracies: [0.5, 0.4], root: place } as const;
    const told = async () => (await resultsReport([place], 'test')).worlds[0]!.minutes.rows[0]![3];
    for (const density of [0.5, 0.4, 0.3, 0.2, 0.1]) await make({ ...own, density });
    expect(await told()).toBe('50 %, 40 %, 30 %, 20 %, 10 %');
    await make({ ...own, density: 0.05 });
    expect(await told()).toBe('50 % to 5 %');
    await rm(place, { recursive: true });
  });

  it('has a page with a cell a seed, the missing ones in sight', async () => {
    const { sections } = resultsPage(await resultsReport([root], 'test'), () => undefined);
    const [runs] = sections.find(({ heading }) => heading === 'Runs')!.blocks as [PageTable];
    expect(runs.rows.map((row) => row.slice(0, 5))).toEqual([
      ['ltr', '10 %', '100', '70.00 %', '– missing'],
      ['snip', '20 %', '200', '80.00 %', '– missing'],
      ['snip', '10 %', '100', '50.00 %', '60.00 %'],
    ]);
  });

  it('has a cell for each seed that a mean counts, of densities alike to three digits', async () => {
    const place = await mkdtemp(join(tmpdir(), 'winnow-alike-'));
    const accuracies: Made['accuracies'] = [0.5, 0.4];
    await make({ method: 'snip', density: 0.1, seed: 1, accuracies, root: place });
    const other = await make({
      method: 'snip',
      density: 0.10004,
      seed: 2,
      accuracies,
      root: place,
    });
    await other.writeBeside('result.json', { ...(await other.readResult()), kept: 101 });
    const report = await resultsReport([place], 'test');
    expect(report.worlds[0]!.accuracy.rows).toEqual([['snip', '50.0 ± 0.0 (n = 2)']]);
    const { sections } = resultsPage(report, () => undefined);
    const [runs] = sections.find(({ heading }) => heading === 'Runs')!.blocks as [PageTable];
    expect(runs.rows.map((row) => row.slice(0, 5))).toEqual([
      ['snip', '10 %', '100 to 101', '50.00 %', '50.00 %'],
    ]);
    await rm(place, { recursive: true });
  });

  it('knows the rounds by their validation accuracy, the dense one and the last apart', async () => {
    const { worlds, rows, runs } = await resultsReport([join(root, 'ltr-0.1-1')], 'validation');
    expect(worlds[0]!.accuracy.rows).toEqual([['ltr', '85.0 (n = 1)', '65.0 (n = 1)']]);
    expect(rows.map(({ kept }) => kept)).toEqual([320, 100]);
    // Minutes are the run's, and it is of one density.
    expect(worlds[0]!.minutes.rows[0]!.slice(0, 4)).toEqual(['ltr', '1', '1', '10 %']);
    expect(worlds[0]!.subtitle).toBe('validation accuracy in %: of 1 seed');
    const { columns, rows: own } = runs;
    const names = ['density', 'validationAccuracy', 'kept', 'keptDensity', 'testAccuracy'];
    const told = [...names, 'minutes.search'].map((name) => columns.indexOf(name));
    expect(own.map((row) => told.map((at) => row[at]))).toEqual([
      [0.32, 0.85, 320, 0.32, undefined, undefined],
      [0.1, 0.65, 100, 0.1, 0.7, 1],
    ]);
  });

  it('tells no chance where data sets of one name differ in their number of classes', async () => {
    const place = await mkdtemp(join(tmpdir(), 'winnow-classes-'));
    const own = { method: 'snip', density: 0.1, accuracies: [0.5, 0.4], root: place } as const;
    await make({ ...own, seed: 1, classes: 4 });
    expect((await resultsReport([place], 'test')).worlds[0]!.chance).toBe(0.25);
    await make({ ...own, seed: 2, classes: 5 });
    const report = await resultsReport([place], 'test');
    expect(report.worlds.map(({ chance }) => chance)).toEqual([undefined]);
    await writeResultsReport(report, join(place, 'out'));
    expect(await readFile(join(place, 'out/accuracy.svg'), 'utf8')).not.toContain('chance');
    await rm(place, { recursive: true });
  });

  it('counts a round that two runs of one seed share once', async () => {
    const place = await mkdtemp(join(tmpdir(), 'winnow-rounds-'));
    const rounds: Made['rounds'] = [
      [1000, 0.95],
      [320, 0.85],
      [100, 0.65],
    ];
    const further: Made['rounds'] = [...rounds, [32, 0.45]];
    await make({
      method: 'ltr',
      density: 0.1,
      seed: 1,
      accuracies: [0.7, 0.65],
      rounds,
      root: place,
    });
    await make({
      method: 'ltr',
      density: 0.032,
      seed: 1,
      accuracies: [0.5, 0.45],
      rounds: further,
      root: place,
    });
    const { rows, worlds } = await resultsReport([place], 'validation');
    expect(rows.map(({ kept }) => kept).sort((a, b) => a - b)).toEqual([32, 100, 320]);
    expect(rows.find(({ kept }) => kept === 100)!.folder).toContain('ltr-0.1-1');
    expect(worlds[0]!.accuracy.rows).toEqual([
      ['ltr', '85.0 (n = 1)', '65.0 (n = 1)', '45.0 (n = 1)'],
    ]);
    expect(worlds[0]!.minutes.rows[0]!.slice(0, 2)).toEqual(['ltr', '2']);
    await rm(place, { recursive: true });
  });

  it('takes a run once, however its path is written', async () => {
    const path = join(root, 'ltr-0.1-1');
    const { rows } = await resultsReport([path, `${path}/`, join(root, '.', 'ltr-0.1-1')], 'test');
    expect(rows).toHaveLength(1);
  });

  it('leaves out folders below the given one that are no runs, and names them', async () => {
    const place = await mkdtemp(join(tmpdir(), 'winnow-foreign-'));
    await make({ method: 'snip', density: 0.1, seed: 1, accuracies: [0.5, 0.4], root: place });
    await mkdir(join(place, 'a/b'), { recursive: true });
    await writeFile(join(place, 'a/b/config.json'), '{"name": "someone else"}');
    const { rows, text } = await resultsReport([place], 'test');
    expect(rows).toHaveLength(1);
    expect(text).toContain(`Left out, because not readable as a run: ${join(place, 'a/b')}.`);
    await expect(resultsReport([join(place, 'a/b')], 'test')).rejects.toMatchObject({
      code: 'BAD_RUN',
    });
    await rm(place, { recursive: true });
  });

  it('says in rows, notes, page, picture and CSV what runs of two methods differ in', async () => {
    const place = await mkdtemp(join(tmpdir(), 'winnow-unlike-'));
    const accuracies: Made['accuracies'] = [0.5, 0.4];
    await make({ method: 'snip', density: 0.1, seed: 1, epochs: 8, accuracies, root: place });
    await make({ method: 'ltr', density: 0.1, seed: 1, node: '20', accuracies, root: place });
    await make({ method: 'ltr', density: 0.1, seed: 2, accuracies, root: place });
    const report = await resultsReport([place], 'test');
    const labels = ['ltr (epochs 4)', 'snip (epochs 8)'];
    const notes = [
      'Missing seeds: snip (epochs 8) at 10 %: 2.',
      'Not all runs are of one version of node: 20 in ltr (epochs 4) in part; 22 in ltr (epochs 4) in part, snip (epochs 8).',
    ];
    const [{ accuracy, minutes }] = report.worlds as [WorldResults];
    for (const { rows } of [accuracy, minutes])
      expect(rows.map(([method]) => method)).toEqual(labels);
    expect(report.text).toEqual(expect.arrayContaining(notes));
    const out = join(place, 'out');
    await writeResultsReport(report, out);
    const page = await readFile(join(out, 'report.html'), 'utf8');
    const written = parseHTML(page).document;
    expect([...written.querySelectorAll('header p')].map((p) => p.textContent)).toEqual([
      '3 finished runs of 2 methods, seeds 1, 2.',
      'Below is test accuracy in %: mean of 1 to 2 seeds ± 1 standard deviation.',
    ]);
    const told = [...written.querySelectorAll('section > p')].map((p) =>
      p.textContent.replaceAll('\u00a0', ' '),
    );
    expect(told).toEqual(notes);
    const drawn = parseHTML(await readFile(join(out, 'accuracy.svg'), 'utf8')).document;
    const words = [...drawn.querySelectorAll('text')].map((text) => text.textContent).join(' ');
    for (const one of [...labels, 'n = 2', notes[0]]) expect(words).toContain(one);
    const [head, first] = (await readFile(join(out, 'runs.csv'), 'utf8')).split('\n');
    expect(head).toMatch(/^name,folder,method,density,.*,epochs,.*,version.node,testAccuracy,/);
    expect(first).toMatch(
      /^"ltr \(epochs 4\)",".*ltr-0.1-1","ltr",0.1,.*,"20",0.5,,0.4,,,100,1000,0.1,/,
    );
    await rm(place, { recursive: true });
  });

  it('takes a copy of a run for no second seed, and names it', async () => {
    const place = await mkdtemp(join(tmpdir(), 'winnow-copied-'));
    await cp(join(root, 'snip-0.1-1'), join(place, 'a'), { recursive: true });
    await cp(join(root, 'snip-0.1-1'), join(place, 'b'), { recursive: true });
    const { worlds, text } = await resultsReport([place], 'test');
    expect(worlds[0]!.accuracy.rows).toEqual([['snip', '50.0 (n = 1)']]);
    expect(text.at(-1)).toBe(
      `Left out, because a run of the same name, seed and density, to three digits, is there: ${join(place, 'b')}.`,
    );
    await rm(place, { recursive: true });
  });

  it('writes one line a run', async () => {
    const out = join(root, 'out');
    await writeResultsReport(await resultsReport([root], 'test'), out);
    const lines = (await readFile(join(out, 'runs.csv'), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toContain(`"ltr","${join(root, 'ltr-0.1-1')}","ltr",0.1,"resnet8","digits",`);
    expect(lines[1]).toContain(',0.7,,0.65,,,100,1000,0.1,0.5,1,2,');
    expect(await readFile(join(out, 'accuracy.svg'), 'utf8')).toContain('resnet8 on digits');
  });

  it('makes a section of each network and data set, with runs that lead to their pages', async () => {
    const place = await mkdtemp(join(tmpdir(), 'winnow-worlds-'));
    const snip = { method: 'snip', density: 0.1, root: place };
    await make({ ...snip, name: 'a b', seed: 1, accuracies: [0.5, 0.4] });
    await make({ ...snip, name: 'c', seed: 2, accuracies: [0.6, 0.4] });
    await make({ ...snip, method: 'cts', name: 'd', seed: 1, accuracies: [0.8, 0.4] });
    await make({ ...snip, method: 'cts', name: 'e', seed: 2, accuracies: [0.9, 0.4] });
    await make({ ...snip, name: 'other', seed: 1, model: 'lenet', accuracies: [0.7, 0.4] });
    const failed = await make({ ...snip, name: 'f', seed: 3 });
    await failed.writeBeside('failure.json', { reason: 'It broke.', log: [], at: '' });
    await writeFile(join(place, 'a b/report.html'), '');
    const foreign = join(place, 'g');
    await mkdir(foreign);
    await writeFile(join(foreign, 'config.json'), '{"name": "someone else"}');
    const out = join(place, 'report');
    const report = await resultsReport([place], 'test');
    expect(report.rows.map(({ world }) => world).at(-1)).toBe('lenet on digits');
    expect(report.text).toContain(
      'At 10 %, cts is 30.0 points above snip, which may be chance (95 %: −0.4 to 60.4; p = 0.051, n = 2 and 2).',
    );
    await writeResultsReport(report, out);
    const { document } = parseHTML(await readFile(join(out, 'report.html'), 'utf8'));
    const texts = (selector: string) =>
      [...document.querySelectorAll(selector)].map((element) => element.textContent);
    expect(texts('h2')).toEqual([
      'resnet8 on digits',
      'lenet on digits',
      'Not finished',
      'Left out',
    ]);
    expect(texts('h3').slice(0, 4)).toEqual([
      'Accuracy',
      'Differences between methods',
      'Minutes a run',
      'Runs',
    ]);
    const links = [...document.querySelectorAll('tbody a')].map((a) => a.getAttribute('href'));
    expect(links).toEqual(['../a%20b/report.html']);
    expect(texts('main > section:nth-of-type(3) td')).toEqual(['failed', 'It broke.']);
    expect(texts('main > section:nth-of-type(4) tr').at(-1)).toBe(
      `${foreign}not readable as a run`,
    );
    for (const world of ['resnet8-digits', 'lenet-digits'])
      expect(existsSync(join(out, `accuracy-${world}.png`))).toBe(true);
    await rm(place, { recursive: true });
  });

  it('says where nothing is finished', async () => {
    const begun = join(root, 'snip-0.2-2');
    await expect(resultsReport([begun, begun, begun], 'test')).rejects.toMatchObject({
      code: 'NO_RUNS',
      message: expect.stringContaining(`no finished run in ${begun} and 2 more.`),
    });
    const file = join(root, 'snip-0.1-1', 'result.json');
    await expect(resultsReport([file], 'test')).rejects.toMatchObject({
      code: 'FILE_NOT_READABLE',
      sentence: `${file} is no folder.`,
    });
    await expect(resultsReport([join(root, 'nowhere')], 'test')).rejects.toMatchObject({
      code: 'FILE_NOT_READABLE',
    });
  });
});
