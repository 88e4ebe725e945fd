import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import data from '@winnow/datasets';
import { type RunResult, openOnce } from '@winnow/experiments';
import models from '@winnow/models';
import objectives from '@winnow/objectives';
import { type Component, ComponentRegistry, type JobEnd } from '@winnow/plugin-api';
import pruners from '@winnow/pruners';
import { parseHTML } from 'linkedom';
import { type ManyRuns } from '../execute/run-folders.ts';
import { forgetFailure, keepFailure, readFailure } from '../execute/run-failure.ts';
import type { Job } from '../execute/run-job.ts';
import { findSuperfluous, removeSuperfluous } from './clean-study.ts';
import { type StudySetting, planStudy } from './plan-study.ts';
import { type StudyErrand, runStudy } from './run-study.ts';
import { standings } from './run-standing.ts';
import { KEPT, parseStudy } from './study-file.ts';
import { tellStates, tellUnreadable } from './tell-study.ts';

const registry = new ComponentRegistry(
  [data, models, objectives, pruners].flatMap(({ components }) => components),
);
const openDataset = openOnce();
const base = { dataset: 'digits', model: 'lenet', epochs: 3, 'rewind-epochs': 1 };
const axes = { method: ['magnitude', 'random'], density: [0.1, 0.05] };

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-run-study-'));
});
afterAll(() => rm(dir, { recursive: true }));

const resultOf = ({ run: { config } }: Job) => {
  const { density, seed } = config;
  const minutes = { pretrain: 0, search: 0, train: 0 };
  const kept = Math.round(1000 * density);
  return { density, seed, testAccuracy: 0.5, kept, size: 1000, minutes } as unknown as RunResult;
};

/** A study in a folder of its own, whose runs come to their ends at once, or to what is said. */
function studyIn(folder: string, fails: (run: string) => JobEnd | undefined = () => undefined) {
  const carried: string[] = [];
  const runs = join(dir, folder);
  const plan = (content: object, made: Partial<StudySetting> = {}) =>
    planStudy(parseStudy({ base, ...content }, { path: 's.yaml', lineOf: () => 1 }), {
      ...{ registry, runs, backend: 'cpu', versions: { winnow: '1' }, openDataset, ...made },
    });
  const told: string[] = [];
  const many: ManyRuns = {
    async execute(jobs, { standing, onEnd }) {
      for (const job of jobs as readonly Job[]) {
        if ((await standing(job)) !== 'open') continue;
        carried.push(job.name.replace(/-[0-9a-f]{8}/, ''));
        const end = fails(job.name) ?? { state: 'done' };
        const { folder: place } = job.run;
        if (end.state === 'done')
          await place.hold(async (held) => {
            await held.writeEnvironments([{ backend: 'cpu', winnow: '1' }]);
            await held.writeTensors('start', []);
            if (job.until === 'end') await held.writeTensors('weights', []);
            if (job.until === 'end') await held.writeResult(resultOf(job));
            if (job.until === 'end') await held.store.write('report.html', '');
          });
        await onEnd(job, end);
      }
    },
    executorOptions: {},
    program: [],
    plugins: [],
    versions: { winnow: '1' },
    signal: new AbortController().signal,
    onEvent: (event) => void told.push(event.type),
  };
  const errand = {
    name: 'a study',
    registry,
    state: join(runs, '.studies'),
    allow: [],
    keep: KEPT,
    follow: true,
  };
  const run = async (content: object, changes: Partial<StudyErrand> = {}, made = {}) =>
    runStudy(await plan(content, made), { ...errand, ...changes }, many);
  return { runs, carried, plan, run, told };
}

describe('a study', () => {
  it('makes a shared start first, does nothing twice, and of one that grew only what is new', async () => {
    const { carried, run } = studyIn('grows');
    const found = await run({ axes, seeds: [1] });
    expect(found.map(({ state }) => state)).toEqual(Array(4).fill('done'));
    expect(carried).toEqual([
      'digits-lenet-magnitude-0.1-seed1, start point',
      'digits-lenet-magnitude-0.1-seed1',
      'digits-lenet-magnitude-0.05-seed1',
      'digits-lenet-random-0.1-seed1',
      'digits-lenet-random-0.05-seed1',
    ]);
    await run({ axes, seeds: [1] });
    expect(carried).toHaveLength(5);
    await run({ axes: { ...axes, density: [0.1, 0.05, 0.02] }, seeds: [1] });
    expect(carried.slice(5)).toEqual([
      'digits-lenet-magnitude-0.02-seed1',
      'digits-lenet-random-0.02-seed1',
    ]);
  });

  it('leaves a run that fails at that, with its reason, until it is to be tried again', async () => {
    let isDown = true;
    const failed: JobEnd = { state: 'failed', reason: 'It broke.', code: 'BAD_DATA', log: ['x'] };
    const study = studyIn('fails', (name) =>
      isDown && name.includes('random-0.1') ? failed : undefined,
    );
    const content = { axes, seeds: [1] };
    const found = await study.run(content);
    expect(found.map(({ state }) => state)).toEqual(['done', 'done', 'failed', 'done']);
    expect(found[2]!.failure).toMatchObject({ reason: 'It broke.', code: 'BAD_DATA', log: ['x'] });
    const count = (type: string) => study.told.filter((one) => one === type).length;
    expect([count('failed'), count('done')]).toEqual([1, 4]);
    isDown = false;
    const again = await study.run(content);
    expect([again[2]!.state, study.carried.length]).toEqual(['failed', 5]);
    await forgetFailure(found[2]!.run.folder);
    expect((await study.run(content))[2]!.state).toBe('done');
    expect(study.carried).toHaveLength(6);
  });

  it('tells that nothing is left of a run that fails before its last job', async () => {
    const failed: JobEnd = { state: 'failed', reason: 'It broke.', log: [] };
    const study = studyIn('fails-early', (name) =>
      name.endsWith('start point') ? failed : undefined,
    );
    const found = await study.run({ axes, seeds: [1] });
    expect(found.map(({ state }) => state)).toEqual(['failed', 'done', 'done', 'done']);
    expect(study.told.filter((type) => type === 'done')).toHaveLength(4);
  });

  it('tells of no run that was stopped as done', async () => {
    const stopped: JobEnd = { state: 'stopped' };
    const study = studyIn('stops', (name) => (name.includes('random-0.1') ? stopped : undefined));
    await expect(study.run({ axes, seeds: [1] })).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(study.told.filter((type) => type === 'done')).toHaveLength(3);
  });

  it("goes on with runs that a plugin's backend began, where that is allowed, and the other way round", async () => {
    const { plan, run, carried } = studyIn('brought');
    const mine = { kind: 'backend', name: 'mine', plugin: 'gpu' } as Component;
    const record = { name: 'gpu', specifier: '/gpu.js', sha256: 'a' };
    const components = [data, models, objectives, pruners].flatMap((one) => one.components);
    const withPlugin = new ComponentRegistry([...components, mine], [record]);
    const there = { registry: withPlugin, backend: 'mine' };
    const content = { axes: { method: ['magnitude'], density: [0.1] }, seeds: [1, 2] };
    const [first, second] = [await plan(content, there), await plan(content)];
    await first[0]!.folder.hold((held) => held.claim(first[0]!.config));
    await second[1]!.folder.hold((held) => held.claim(second[1]!.config));
    for (const made of [{}, there]) {
      const found = await run(content, { allow: ['backend'], registry: withPlugin }, made);
      expect(found.map(({ state }) => state)).toEqual(['done', 'done']);
    }
    expect(carried.filter((name) => !name.includes('start'))).toHaveLength(2);
    expect((await first[0]!.folder.readConfig())!.plugins).toEqual([
      { ...record, brings: ['backend'] },
    ]);
    expect((await second[1]!.folder.readConfig())!.plugins).toEqual([]);
  });

  it('takes runs of another version, or goes on with them, only where that is allowed', async () => {
    const { run, carried } = studyIn('versions');
    const content = { axes, seeds: [1] };
    await run(content);
    const newer = { versions: { winnow: '2' } };
    await expect(run(content, {}, newer)).rejects.toThrow(
      expect.objectContaining({
        code: 'RUNS_DIFFER',
        message: expect.stringMatching(
          /^4 runs in .*versions were made by another version .*\(1\)/,
        ),
      }),
    );
    await run(content, { allow: ['version'] }, newer);
    expect(carried).toHaveLength(5);
  });

  it('keeps of runs that are done what it is told to', async () => {
    const { run } = studyIn('keeps');
    const found = await run({ axes, seeds: [1] }, { keep: ['weights'] });
    for (const { run: own } of found) {
      expect(await own.folder.has('start')).toBe(false);
      expect(await own.folder.has('weights')).toBe(true);
    }
    const more = await run({ axes, seeds: [1] }, { keep: [] });
    expect(await more[0]!.run.folder.has('weights')).toBe(false);
    expect(more[0]!.state).toBe('done');
  });

  it('that grew shares the work anew where what was shared is not kept', async () => {
    const { run, carried } = studyIn('keeps-and-grows');
    await run({ axes: { ...axes, density: [0.1] }, seeds: [1] }, { keep: ['ticket'] });
    await run({ axes, seeds: [1] }, { keep: ['ticket'] });
    expect(carried.slice(3)).toEqual([
      'digits-lenet-magnitude-0.05-seed1, start point',
      'digits-lenet-magnitude-0.05-seed1',
      'digits-lenet-random-0.05-seed1',
    ]);
  });

  it('keeps a start point for as long as somebody may take it', async () => {
    const failed: JobEnd = { state: 'failed', reason: 'No.', log: [] };
    const { run } = studyIn('waits', (name) => (name.includes('random') ? failed : undefined));
    const [first, second] = await run({ axes, seeds: [1] }, { keep: [] });
    expect(await first!.run.folder.has('start')).toBe(true);
    expect(await second!.run.folder.has('start')).toBe(false);
  });

  it('keeps what has a start point, not a failed run that is first and has none', async () => {
    const failed: JobEnd = { state: 'failed', reason: 'No.', log: [] };
    let isDown = true;
    const { run, carried, runs } = studyIn('waits-first', (name) =>
      isDown && name.includes('magnitude-0.1-') ? failed : undefined,
    );
    const keep = { keep: [] };
    const found = await run({ axes, seeds: [1] }, keep);
    const hasStart = () => Promise.all(found.map((one) => one.run.folder.has('start')));
    expect(found.map(({ state }) => state)).toEqual(['failed', 'done', 'done', 'done']);
    expect(await hasStart()).toEqual([false, true, false, false]);
    isDown = false;
    await forgetFailure(found[0]!.run.folder);
    const before = carried.length;
    await run({ axes, seeds: [1] }, keep);
    // Without a job for the start point, which it takes from the second.
    expect(carried.slice(before)).toEqual(['digits-lenet-magnitude-0.1-seed1']);
    const shares = await readFile(join(runs, found[0]!.run.name, 'shares.json'), 'utf8');
    expect(JSON.parse(shares)).toMatchObject({ start: `../${found[1]!.run.name}` });
    expect(await hasStart()).toEqual([false, false, false, false]);
  });

  it('is cleaned of nothing that runs which wait would take', async () => {
    const failed: JobEnd = { state: 'failed', reason: 'No.', log: [] };
    const { runs, run, plan } = studyIn('cleans-begun', (name) =>
      name.includes('random-0.05') ? failed : undefined,
    );
    await run({ axes, seeds: [1] });
    const superfluous = async () => {
      const found = await standings(await plan({ axes, seeds: [1] }));
      const cleaning = { others: false, failed: false, keep: ['ticket'] as const, registry };
      return (await findSuperfluous(found, runs, cleaning)).map(({ path }) =>
        basename(join(path, '..')).replace(/-[0-9a-f]{8}$/, ''),
      );
    };
    // Start point and weights of each but the first.
    expect(await superfluous()).toEqual([
      ...['digits-lenet-magnitude-0.05-seed1', 'digits-lenet-magnitude-0.05-seed1'],
      ...['digits-lenet-random-0.1-seed1', 'digits-lenet-random-0.1-seed1'],
    ]);
  });

  it('does the others where a file of one run is damaged, and says which', async () => {
    const { runs, run, plan, carried } = studyIn('damaged');
    const content = { axes: { ...axes, density: [0.1] }, seeds: [1] };
    const [first, second] = await run(content);
    await writeFile(first!.run.folder.file('config.json'), '{"format": 2');
    await writeFile(second!.run.folder.file('result.json'), '{');
    const before = carried.length;
    const found = await run({ axes, seeds: [1] });
    expect(found.map(({ state }) => state)).toEqual(['unreadable', 'done', 'unreadable', 'done']);
    expect(carried.slice(before).filter((name) => !name.endsWith('point'))).toEqual([
      ...['digits-lenet-magnitude-0.05-seed1', 'digits-lenet-random-0.05-seed1'],
    ]);
    expect(tellStates(found)).toBe('4 runs: 2 done, 2 unreadable');
    expect(tellUnreadable(found)).toEqual([
      expect.stringMatching(/^digits-lenet-magnitude-0\.1-\S+ cannot be read: .*config\.json/),
      expect.stringMatching(/^digits-lenet-random-0\.1-\S+ cannot be read: .*result\.json/),
    ]);
    expect(found[2]!.failure?.code).toMatch(/^BAD_/);
    // What they may take once they can be read, or are made anew, stays.
    const cleaning = { others: false, failed: true, keep: [], registry };
    const gone = await findSuperfluous(await standings(await plan(content)), runs, cleaning);
    expect(gone).toEqual([]);
    expect((await readFile(join(runs, 'report.html'), 'utf8')).includes('unreadable')).toBe(true);
  });

  it('leaves alone a folder that has lost its configuration, and does the others', async () => {
    const { run } = studyIn('lost');
    const [first] = await run({ axes: { ...axes, density: [0.1] }, seeds: [1] });
    await rm(first!.run.folder.file('config.json'));
    const found = await run({ axes, seeds: [1] });
    expect(found.map(({ state }) => state)).toEqual(['unreadable', 'done', 'done', 'done']);
    expect(found[0]!.failure).toMatchObject({ code: 'NOT_A_RUN' });
  });

  it('has a run whose result is damaged know why its job has failed', async () => {
    const { plan } = studyIn('damaged-result');
    const [one] = await plan({ axes, seeds: [1] });
    await one!.folder.hold((held) => held.claim(one!.config));
    await writeFile(one!.folder.file('result.json'), '{');
    await keepFailure(one!.folder, { state: 'failed', reason: 'It is torn.', log: [] });
    expect(await readFailure(one!.folder)).toMatchObject({ reason: 'It is torn.' });
  });

  it('has a page in the folder of its runs, with those that are missing', async () => {
    const failed: JobEnd = { state: 'failed', reason: 'It broke.', log: [] };
    const { run, runs } = studyIn('page', (name) => (name.includes('random') ? failed : undefined));
    await run({ axes, seeds: 2 });
    const { document } = parseHTML(await readFile(join(runs, 'report.html'), 'utf8'));
    const texts = (selector: string) =>
      [...document.querySelectorAll(selector)].map((element) => element.textContent);
    expect(texts('h1')).toEqual(['a study']);
    expect(texts('header p')[0]).toMatch(
      /^4 finished runs of 1 method, seeds 1, 2. 4 runs are not finished/,
    );
    expect(texts('td').filter((text) => text === 'It broke.')).toHaveLength(4);
    // Relative to the page, and of the runs that have one.
    const links = [...document.querySelectorAll('tbody a')].map((a) => a.getAttribute('href')!);
    expect(links).toHaveLength(4);
    for (const link of links) expect(existsSync(join(runs, decodeURI(link)))).toBe(true);
  });

  it('is cleaned of runs that it does not name, and of nothing that is no run', async () => {
    const { runs, run, plan } = studyIn('cleans');
    await run({ axes, seeds: [1, 2] });
    await rm(join(runs, (await plan({ axes, seeds: [2] }))[0]!.name, 'config.json'));
    const found = await standings(await plan({ axes, seeds: [1] }));
    const keep = KEPT.filter((one) => one !== 'start');
    const cleaning = { others: true, failed: true, keep, registry };
    const superfluous = await findSuperfluous(found, runs, cleaning);
    const names = superfluous.map(({ path }) => basename(path));
    expect(names.filter((name) => name === 'start.safetensors')).toHaveLength(4);
    expect(names.filter((name) => name.includes('seed2'))).toHaveLength(3);
    expect(superfluous).toHaveLength(7);
    await removeSuperfluous(superfluous);
    expect((await readdir(runs)).filter((name) => name !== 'report.html')).toHaveLength(5);
    expect(await findSuperfluous(found, runs, { ...cleaning, others: false })).toEqual([]);
  });
});
