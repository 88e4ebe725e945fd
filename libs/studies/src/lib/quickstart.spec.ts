import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import data from '@winnow/datasets';
import type { RunResult } from '@winnow/experiments';
import models from '@winnow/models';
import objectives from '@winnow/objectives';
import { ComponentRegistry } from '@winnow/plugin-api';
import pruners from '@winnow/pruners';
import { cpu } from '@winnow/tensor-backend';
import type { NamedRun } from './execute/named-run.ts';
import type { Job } from './execute/run-job.ts';
import { quickstart } from './quickstart.ts';

const registry = new ComponentRegistry(
  [data, models, objectives, pruners].flatMap(({ components }) => components),
);

let out: string;
beforeAll(async () => {
  await cpu.start();
  out = await mkdtemp(join(tmpdir(), 'winnow-quickstart-'));
});
afterAll(() => rm(out, { recursive: true }));

/** As if a run had come to this. */
async function pretend({ folder, config }: NamedRun): Promise<void> {
  const { method, seed, density } = config;
  const reached = method.name === 'dense' ? 0.9 : method.name === 'cts' ? 0.7 : 0.1;
  await folder.writeResult({
    ...{ method: method.name, seed, density, kept: 243, size: 97_552, testExamples: 360 },
    testAccuracy: reached + seed / 100,
    minutes: { pretrain: 0.1, search: 0.2, train: 0.3 },
  } as RunResult);
}

it('is three seeds of four methods, of which what is done is not done again', async () => {
  const carried: NamedRun[] = [];
  const start = () =>
    quickstart({
      ...{ out, registry, backend: 'cpu', executorOptions: {}, program: [], versions: {} },
      signal: new AbortController().signal,
      onEvent: () => {},
      clock: () => 0,
      execute: async (jobs) => {
        const whole = jobs.filter(({ until }) => until === 'end');
        const runs = (whole as Job[]).map(({ run }) => run);
        carried.push(...runs);
        for (const run of runs) await pretend(run);
      },
    });
  const { text } = await start();
  expect(carried.map(({ folder }) => folder.path.slice(out.length + 1))).toEqual(
    ['cts-kl', 'dense', 'magnitude', 'random'].flatMap((name) =>
      [1, 2, 3].map((seed) => `${name}-seed${seed}`),
    ),
  );
  expect(carried[1]!.config).toMatchObject({
    method: { name: 'cts', given: { searchEpochs: 40 } },
    objective: { name: 'kl' },
    ...{ density: 0.0025, seed: 2, start: 'rewind', rewindEpochs: 3 },
    recipe: { epochs: 20, batchSize: 32 },
  });
  expect(carried[3]!.config).toMatchObject({ method: { name: 'dense' }, density: 1 });
  const table = text.find((part) => typeof part === 'object');
  expect(table!.rows.map(([method, , , , , mean]) => [method, mean])).toEqual([
    ['dense', '92.0 %'],
    ['CTS (kl)', '72.0 %'],
    ['magnitude', '12.0 %'],
    ['random', '12.0 %'],
  ]);
  for (const file of ['report.html', 'accuracy.png'])
    expect(existsSync(join(out, file))).toBe(true);
  const { results } = JSON.parse(await readFile(join(out, 'quickstart.json'), 'utf8')) as {
    results: unknown[];
  };
  expect(results).toHaveLength(12);
  await start();
  expect(carried).toHaveLength(12);
});
