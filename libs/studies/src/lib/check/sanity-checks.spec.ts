import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RunFolder } from '@winnow/experiments';
import { makeRun } from '../testing/made-run.ts';
import { writeCheckReport } from './check-report.ts';
import { sanityChecks } from './sanity-checks.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'winnow-sanity-'));
});
afterAll(() => rm(root, { recursive: true }));

/** A finished run of a seed, and its finished ablation. */
async function replicate(
  path: string,
  seed: number,
  sets: readonly [own: string, shuffled: string],
) {
  const made = { method: 'snip', density: 0.1, seed, accuracies: [0.5 + seed / 100, 0.5] } as const;
  const folder = await makeRun({ root, name: path, ...made });
  const config = (await folder.readConfig())!;
  const altered = new RunFolder(folder.file('checks/shuffle'));
  await altered.claim({ ...config, ablation: 'shuffle' });
  await altered.writeResult((await folder.readResult())!);
  for (const [i, one] of [folder, altered].entries())
    await one.writeEnvironments([{ backend: 'native', instructions: sets[i]! }]);
  return { folder, config };
}

const check = (runs: Parameters<typeof sanityChecks>[0]['runs']) =>
  sanityChecks({
    ...{ runs, seeds: 3, ablations: ['shuffle'], plugins: 'none', versions: {} },
    ...{ signal: new AbortController().signal, executorOptions: {}, onEvent: () => {} },
    program: [],
    execute: () => Promise.reject(new Error('All is done.')),
  });

it('says where seeds and ablations that it made are of another instruction set than the run given', async () => {
  const given = await replicate('given', 1, ['avx512', 'avx2']);
  for (const seed of [2, 3]) await replicate(`given/checks/seed${seed}`, seed, ['avx2', 'avx2']);
  const summary = await check([given]);
  expect(summary.densities[0]!.seeds).toEqual([1, 2, 3]);
  const note =
    'Not all runs are of one instruction set, which accuracies may differ by: avx512 in density 0.1, seed 1; avx2 in density 0.1, seed 2 and 4 more. WINNOW_INSTRUCTIONS says by which new ones are made.';
  expect(summary.notes).toEqual([note]);
  expect(await writeCheckReport({ ...summary, testExamples: 360 }, join(root, 'out'))).toContain(
    note,
  );
});

it('says where a run went on by another backend', async () => {
  const given = await replicate('moved', 1, ['avx2', 'avx2']);
  for (const seed of [2, 3]) await replicate(`moved/checks/seed${seed}`, seed, ['avx2', 'avx2']);
  const environments = [{ backend: 'native', instructions: 'avx2' }, { backend: 'cpu' }];
  await given.folder.writeEnvironments(environments);
  expect((await check([given])).notes).toEqual([
    'Not all runs are of one backend, which accuracies may differ by: native then cpu in density 0.1, seed 1; native in density 0.1, seed 2 and 4 more. New ones are made by that on which the first of theirs began.',
  ]);
});

it('says nothing where one instruction set made all', async () => {
  const given = await replicate('alike', 1, ['avx2', 'avx2']);
  for (const seed of [2, 3]) await replicate(`alike/checks/seed${seed}`, seed, ['avx2', 'avx2']);
  expect((await check([given])).notes).toEqual([]);
});
