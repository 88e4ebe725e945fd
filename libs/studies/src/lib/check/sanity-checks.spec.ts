import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RunFolder } from '@winnow/experiments';
import { ComponentRegistry, type RunJob } from '@winnow/plugin-api';
import pruners from '@winnow/pruners';
import { makeRun } from '../testing/made-run.ts';
import { writeCheckReport } from './check-report.ts';
import { type CheckRequest, sanityChecks } from './sanity-checks.ts';
import { assertKept } from './why-not.ts';

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

const check = (runs: CheckRequest['runs'], others: Partial<CheckRequest> = {}) =>
  sanityChecks({
    ...{ runs, seeds: 3, ablations: ['shuffle'], plugins: 'none', versions: {} },
    ...{ signal: new AbortController().signal, executorOptions: {}, onEvent: () => {} },
    ...{ registry: new ComponentRegistry(pruners.components), onSkip: () => {} },
    program: [],
    execute: () => Promise.reject(new Error('All is done.')),
    ...others,
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

it('says which of the rows other versions made, as other comparisons do', async () => {
  const given = await replicate('versions', 1, ['avx2', 'avx2']);
  const made = [given];
  for (const seed of [2, 3])
    made.push(await replicate(`versions/checks/seed${seed}`, seed, ['avx2', 'avx2']));
  for (const [i, { folder }] of made.entries()) {
    const of = (commit: string) => [{ backend: 'native', instructions: 'avx2', commit }];
    await folder.writeEnvironments(of(i === 0 ? '0123456789ab' : 'ba9876543210'));
    await folder.at('checks/shuffle').writeEnvironments(of('ba9876543210'));
  }
  const summary = await check([given]);
  const note =
    'Not all runs are of one version of commit: 0123456789ab in tickets in part; ba9876543210 in tickets in part, shuffled.';
  expect(summary.notes).toEqual([note]);
  const text = await writeCheckReport({ ...summary, testExamples: 360 }, join(root, 'versions'));
  expect(text).toContain(note);
  for (const file of ['check.json', 'report.html'])
    expect(await readFile(join(root, 'versions', file), 'utf8')).toContain(note);
});

/** A finished run that nobody made, with what is said of its documents. */
async function finished(
  name: string,
  kept: readonly ('start' | 'ticket' | 'scores')[],
  others: Partial<Parameters<typeof makeRun>[0]> = {},
) {
  const own = { method: 'snip', density: 0.1, seed: 1, accuracies: [0.5, 0.5] } as const;
  const folder = await makeRun({ root, name, ...own, ...others });
  for (const document of kept) await folder.store.write(`${document}.safetensors`, '');
  return { folder, config: (await folder.readConfig())! };
}

it.each([
  ['start', ['ticket', 'scores']],
  ['ticket', ['start', 'scores']],
] as const)('does not begin where a run has not kept its %s', async (document, kept) => {
  const run = await finished(`no-${document}`, kept);
  const before = await readdir(run.folder.path);
  await expect(check([run], { ablations: undefined })).rejects.toMatchObject({
    code: 'FILE_NOT_READABLE',
    message: `There is no ${run.folder[document]}, which the check "shuffle" begins with. \`winnow resume ${run.folder.path} --until ${document}\` makes it again.`,
  });
  expect(await readdir(run.folder.path)).toEqual(before);
});

it('asks of runs only what is left to make of them', async () => {
  const made = await replicate('all-made', 1, ['avx2', 'avx2']);
  for (const seed of [2, 3]) await replicate(`all-made/checks/seed${seed}`, seed, ['avx2', 'avx2']);
  expect((await check([made])).densities[0]!.checks[0]!.verdict).not.toBe('skipped');
  // Their own folders keep nothing, and those elsewhere have what was made there.
  const out = join(root, 'all-elsewhere');
  await check([made], { out });
  await rm(made.folder.file('checks'), { recursive: true });
  expect((await check([made], { out })).densities[0]!.seeds).toEqual([1, 2, 3]);
});

it('asks no start point of what it skips, nor of fresh weights', async () => {
  const made = await replicate('shuffled', 1, ['avx2', 'avx2']);
  for (const seed of [2, 3]) await replicate(`shuffled/checks/seed${seed}`, seed, ['avx2', 'avx2']);
  await made.folder.store.write('ticket.safetensors', '');
  const { densities } = await check([made], { ablations: undefined });
  expect(densities[0]!.checks.map(({ ablation, verdict }) => [ablation, verdict])).toEqual([
    ['shuffle', expect.stringMatching(/passed|no-difference/)],
    ['invert', 'skipped'],
    ['reinitialise', 'skipped'],
  ]);
  await expect(assertKept('invert', [made])).rejects.toMatchObject({ code: 'FILE_NOT_READABLE' });
  await assertKept('reinitialise', [made]);
});

it('judges an inversion that was made, though its scores are kept no more', async () => {
  const made = await replicate('inverted', 1, ['avx2', 'avx2']);
  const own = [made];
  for (const seed of [2, 3])
    own.push(await replicate(`inverted/checks/seed${seed}`, seed, ['avx2', 'avx2']));
  for (const { folder, config } of own) {
    await folder.store.write('ticket.safetensors', '');
    const inverted = folder.at('checks/invert');
    await inverted.claim({ ...config, ablation: 'invert' });
    await inverted.writeResult((await folder.readResult())!);
  }
  const { densities } = await check([made], { ablations: ['invert'] });
  expect(densities[0]!.checks[0]).toMatchObject({ accuracies: [0.51, 0.52, 0.53], difference: 0 });
});

it('says before it trains that invert is skipped', async () => {
  const run = await finished('no-scores', ['start', 'ticket'], {
    ...{ method: 'random', options: { iterations: 1, scope: 'global' } },
  });
  const told: string[] = [];
  const stopped = check([run], {
    ablations: undefined,
    onSkip: ({ density, ablation, reason }) => told.push(`${density} ${ablation}: ${reason}`),
    execute: () => Promise.reject(new Error('It is about to train.')),
  });
  await expect(stopped).rejects.toThrow('It is about to train.');
  expect(told).toEqual([
    expect.stringContaining(
      `0.1 invert: ${run.folder.path} has no scores to invert its ticket by.`,
    ),
  ]);
});

it('lets the seeds that it adds share the rounds of a search', async () => {
  const of = (density: number) =>
    finished(`rounds-${density}`, ['start', 'ticket'], {
      ...{ method: 'ltr', options: { rate: 0.5 }, density },
    });
  const runs = [await of(0.25), await of(0.0625)];
  let jobs: readonly RunJob[] = [];
  const execute: CheckRequest['execute'] = (handed) => {
    jobs = handed;
    return Promise.reject(new Error('That is all.'));
  };
  await expect(check(runs, { execute })).rejects.toThrow('That is all.');
  const searches = jobs.filter(({ name }) => / seed 2(?!.*start point)/.test(name));
  expect(searches.map(({ name, after }) => [name, after.at(-1)?.name])).toEqual([
    ['density 0.0625, seed 2, ticket', 'density 0.25, seed 2, start point'],
    ['density 0.25, seed 2', 'density 0.0625, seed 2, ticket'],
    ['density 0.0625, seed 2', 'density 0.0625, seed 2, ticket'],
  ]);
});
