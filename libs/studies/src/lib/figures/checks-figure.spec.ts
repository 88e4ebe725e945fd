import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeWhole } from '@winnow/files/disk';
import { type PointsPanel, figureCsv } from '@winnow/report/figures';
import { makeRun } from '../testing/made-run.ts';
import { checksFigure } from './checks-figure.ts';

let root: string;
const at = (...path: string[]) => join(root, ...path);
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'winnow-checks-'));
});
afterAll(() => rm(root, { recursive: true }));

const figure = (...folders: string[]) => checksFigure(folders.map((folder) => at(folder)));

const density = (density: number) => ({
  ...{ density, seeds: [1, 2], accuracies: [0.5, 0.7] },
  checks: [
    { ablation: 'shuffle', verdict: 'passed', accuracies: [0.2, 0.4] },
    { ablation: 'invert', verdict: 'skipped', reason: 'none' },
  ],
});

const summary = (densities: readonly number[], own: object = {}) =>
  JSON.stringify({
    ...{ format: 1, method: 'cts', objective: 'kl', model: 'resnet8', dataset: 'digits' },
    ...{ classes: 10, start: 'init', rewindEpochs: 0, densities: densities.map(density) },
    ...own,
  });

/** A run whose check is there. */
async function checked(path: string, text: string) {
  const cts = { method: 'cts', objective: 'kl', density: 0.1, seed: 1 };
  await makeRun({ root, name: path, ...cts });
  await writeWhole(at(path, 'checks', 'check.json'), text);
}

describe('a figure of checks', () => {
  it('has the accuracies of tickets and of what they were altered to', async () => {
    await checked('one/a', summary([0.1, 0.01]));
    const [panel] = (await figure('one')).panels as [PointsPanel];
    expect(panel).toMatchObject({ kind: 'points', name: 'cts (kl), resnet8 on digits' });
    expect(panel.groups.map(({ series, x, mean }) => [series, x, mean.toFixed(1)])).toEqual([
      ['ticket', 0.01, '0.6'],
      ['ticket', 0.1, '0.6'],
      ['shuffled', 0.01, '0.3'],
      ['shuffled', 0.1, '0.3'],
    ]);
  });

  it('names densities, start points or folders of panels that would be called alike', async () => {
    const rewound = { start: 'rewind', rewindEpochs: 3 };
    await checked('runs/a', summary([0.05]));
    await checked('runs/b', summary([0.01]));
    await checked('runs/c', summary([0.01], rewound));
    await checked('runs/d', summary([0.01], rewound));
    await checked('runs/e', summary([0.1, 0.05], { method: 'snip', objective: undefined }));
    const cts = 'cts (kl), resnet8 on digits';
    const names = [
      `${cts}, 5 % of weights`,
      `${cts}, 1 % of weights, init`,
      `${cts}, 1 % of weights, rewind after 3, c`,
      `${cts}, 1 % of weights, rewind after 3, d`,
      'snip, resnet8 on digits',
    ];
    const drawn = await figure('runs');
    expect(drawn.panels.map(({ name }) => name)).toEqual(names);
    const [, ...rows] = figureCsv(drawn).trimEnd().split('\n');
    expect(new Set(rows.map((row) => /^"(.*?)"/.exec(row)![1]))).toEqual(new Set(names));
    const two = await figure('runs/a', 'runs/b');
    expect(two.panels.map(({ name }) => name)).toEqual([
      `${cts}, 5 % of weights`,
      `${cts}, 1 % of weights`,
    ]);
  });

  it('draws a check once, however its folder is given', async () => {
    await checked('twice', summary([0.1]));
    expect((await figure('twice', 'twice/', 'twice/checks')).panels).toHaveLength(1);
  });

  it('says which folders have none, and which runs cannot be read', async () => {
    await checked('some/a', summary([0.1]));
    await makeRun({ root, name: 'none', method: 'snip', density: 0.1, seed: 1 });
    await mkdir(at('some/foreign'));
    await writeFile(at('some/foreign/config.json'), '{"name": "someone else"}');
    expect((await figure('some', 'none')).notes).toEqual([
      `Left out, because not readable as a run: ${at('some/foreign')}.`,
      `Left out, because without a check: ${at('none')}.`,
    ]);
  });

  it('says which file is none of theirs', async () => {
    await writeWhole(at('broken', 'check.json'), '{}');
    await expect(figure('broken')).rejects.toMatchObject({ code: 'BAD_RUN' });
  });
});
