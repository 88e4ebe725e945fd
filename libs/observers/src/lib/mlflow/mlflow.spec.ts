import { mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NotedNumbers, ObservedRun, RunEvent } from '@winnow/plugin-api';
import { observerConformance } from '@winnow/testing';
import { type Mishap, ToyMlflow } from '../testing/toy-mlflow.ts';
import { mlflowBy } from './mlflow.ts';

const QUICK = { most: 5000, gatherMs: 1, requestMs: 500, waitsMs: [1, 1], closeMs: 3000 };
const FAILED = { code: 'TRACKING_FAILED' };

let server: ToyMlflow;
let uri: string;
let run: ObservedRun;
let nowMs: number;
beforeEach(async () => {
  nowMs = 7;
  server = new ToyMlflow();
  uri = await server.start();
  const place = await realpath(await mkdtemp(join(tmpdir(), 'winnow-mlflow-')));
  run = { place, config: { method: { name: 'cts', options: { searchEpochs: 4 } }, seed: 1 } };
});
afterEach(async () => {
  await server.stop();
  await rm(run.place, { recursive: true });
});

const step = (n: number): RunEvent => ({
  type: 'step',
  phase: 'train',
  ...{ step: n, steps: 9, epoch: 0, epochs: 1, images: 8 },
  values: { loss: 1 / n },
});

/** Watches a run for some steps. */
async function watch(
  steps: readonly number[],
  ending: 'finished' | 'interrupted' | 'failed' = 'finished',
  environment: Readonly<Record<string, string>> = {},
) {
  const observer = mlflowBy({ now: () => nowMs, environment }, QUICK);
  const options = environment['MLFLOW_TRACKING_URI'] ? {} : { mlflowUri: uri };
  const watching = await observer.observe(run, options);
  for (const n of steps) watching.on(step(n));
  await watching.close!(ending);
}

const recorded = async () =>
  JSON.parse(await readFile(join(run.place, 'mlflow.json'), 'utf8')) as Record<string, string>;

describe('the observer mlflow', () => {
  it('logs parameters, numbers by step, and how the run ended', async () => {
    await watch([1, 2, 4], 'failed');
    expect(server.experiments).toEqual(new Map([['winnow', '1']]));
    expect([...server.runs.values()]).toEqual([
      {
        experiment: '1',
        name: basename(run.place),
        status: 'FAILED',
        endTime: 7,
        deleted: false,
        params: new Map([
          ['method', 'cts'],
          ['method.searchEpochs', '4'],
          ['seed', '1'],
        ]),
        metrics: new Map([
          [
            'train/loss',
            [
              [1, 1],
              [2, 0.5],
              [4, 0.25],
            ],
          ],
        ]),
      },
    ]);
  });

  it('goes on in the same run, where steps that are told again are there once', async () => {
    await watch([1, 2, 3], 'interrupted');
    expect(server.runs.get('run1')!.status).toBe('KILLED');
    run = { ...run, config: { ...run.config, seed: 2, validateEvery: 5 } };
    await watch([2, 3, 4]);
    expect([...server.runs.keys()]).toEqual(['run1']);
    const { metrics, params, status } = server.runs.get('run1')!;
    expect(metrics.get('train/loss')!.map(([n]) => n)).toEqual([1, 2, 3, 4]);
    expect(status).toBe('FINISHED');
    // What a run of MLflow was begun with stays.
    expect([params.get('seed'), params.get('validateEvery')]).toEqual(['1', '5']);
  });

  it('begins another run where the server has not, or no longer, the one it was', async () => {
    await watch([1]);
    server.runs.get('run1')!.deleted = true;
    await watch([1]);
    server.runs.delete('run2');
    await watch([1]);
    await writeFile(join(run.place, 'mlflow.json'), '{"runId": 3}');
    await watch([1]);
    expect((await recorded())['runId']).toBe('run4');
    expect([...server.runs].map(([id, { metrics }]) => [id, metrics.size])).toEqual([
      ['run1', 1],
      ['run3', 1],
      ['run4', 1],
    ]);
  });

  it('leaves a run as it ended that had finished, unless there is more of it', async () => {
    const updates = () => server.requests.filter((path) => path === 'runs/update').length;
    await watch([1, 2]);
    nowMs = 8;
    await watch([1, 2]);
    expect(server.runs.get('run1')).toMatchObject({ status: 'FINISHED', endTime: 7 });
    expect(updates()).toBe(1);
    await watch([2, 3]);
    expect(server.runs.get('run1')).toMatchObject({ status: 'FINISHED', endTime: 8 });
    expect(updates()).toBe(3);
    await watch([3], 'failed');
    expect(server.runs.get('run1')!.status).toBe('FAILED');
  });

  it('logs what was noted and never told, as of a search that another run has done', async () => {
    const noted: NotedNumbers[] = [];
    run = { ...run, noted: () => Promise.resolve(noted) };
    const observer = mlflowBy({ now: () => 7, environment: {} }, QUICK);
    const watching = await observer.observe(run, { mlflowUri: uri });
    watching.on(step(1));
    while (!server.runs.get('run1')?.metrics.size)
      await new Promise((resolve) => setTimeout(resolve, 10));
    noted.push({ phase: 'search', step: 1, epoch: 0, values: { loss: 2 } });
    noted.push({ phase: 'train', step: 1, epoch: 0, values: { loss: 1 } });
    await watching.close!('finished');
    const { metrics, status } = server.runs.get('run1')!;
    expect([...metrics]).toEqual([
      ['train/loss', [[1, 1]]],
      ['search/loss', [[1, 2]]],
    ]);
    expect(status).toBe('FINISHED');
  });

  it('keeps names of any script, and two apart that MLflow would take for one', async () => {
    const values = { größe: 1, 'a:b': 2, 'a;b': 3 };
    run = { ...run, config: { method: { name: 'mine', options: values } } };
    const observer = mlflowBy({ now: () => 7, environment: {} }, QUICK);
    const watching = await observer.observe(run, { mlflowUri: uri });
    watching.on({ ...(step(1) as Extract<RunEvent, { type: 'step' }>), values });
    await watching.close!('finished');
    const { metrics, params } = server.runs.get('run1')!;
    const keys = [...metrics].map(([key, [point]]) => [key, point![1]]);
    expect(keys.slice(0, 2)).toEqual([
      ['train/größe', 1],
      ['train/a_b', 2],
    ]);
    expect(keys[2]).toEqual([expect.stringMatching(/^train\/a_b_/), 3]);
    expect([...params.keys()].slice(1, 3)).toEqual(['method.größe', 'method.a_b']);
    expect(params.size).toBe(4);
  });

  it('calls a run as its folder, also where it is `.`', async () => {
    const { place } = run;
    const from = process.cwd();
    process.chdir(place);
    try {
      run = { ...run, place: '.' };
      await watch([1]);
    } finally {
      process.chdir(from);
      run = { ...run, place };
    }
    expect(server.runs.get('run1')!.name).toBe(basename(place));
  });

  it('refuses a run that has no folder, and makes none', async () => {
    const { place } = run;
    run = { ...run, place: join(place, 'memory') };
    await expect(watch([1])).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      sentence: `Observer "mlflow" goes by the run's folder, and there is none at ${run.place}.`,
    });
    run = { ...run, place };
    expect([await readdir(place), server.requests]).toEqual([[], []]);
  });

  it('sends 1000 numbers at a time, says where too many wait, and makes up for them later', async () => {
    const all = Array.from({ length: 5003 }, (_, i) => i + 1);
    const sentence = `MLflow at ${uri} is too slow for so many numbers.`;
    await expect(watch(all)).rejects.toMatchObject({ ...FAILED, sentence });
    const { status, metrics } = server.runs.get('run1')!;
    expect(metrics.get('train/loss')).toHaveLength(5000);
    expect(status).toBe('FINISHED');
    const noted = all.map((n) => ({ phase: 'train', step: n, epoch: 0, values: { loss: 1 / n } }));
    run = { ...run, noted: () => Promise.resolve(noted as NotedNumbers[]) };
    await watch([5003, 5004]);
    expect(metrics.get('train/loss')!.map(([n]) => n)).toEqual([...all, 5004]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a token', { MLFLOW_TRACKING_TOKEN: 'secret' }, 'Bearer secret'],
    [
      'a name and a password',
      { MLFLOW_TRACKING_USERNAME: 'me', MLFLOW_TRACKING_PASSWORD: 'secret' },
      'Basic bWU6c2VjcmV0',
    ],
    ['an address that has them', {}, 'Basic bWU6c2VjcmV0'],
  ])('shows the server %s, and nobody else', async (_, environment, header) => {
    const withUser = uri.replace('//', '//me:secret@');
    const address = header.startsWith('Basic') && !environment['MLFLOW_TRACKING_USERNAME'];
    await watch([1], 'finished', {
      ...environment,
      MLFLOW_TRACKING_URI: address ? withUser : uri,
      MLFLOW_EXPERIMENT_NAME: 'mine',
    });
    expect([...server.authorizations]).toEqual([header]);
    expect([...server.experiments.keys()]).toEqual(['mine']);
    expect(await recorded()).toEqual({ uri, runId: 'run1' });
  });

  it('tries again where the server was at a loss', async () => {
    server.mishaps.set('runs/create', { mishap: { status: 503, text: 'busy' }, times: 1 });
    server.mishaps.set('runs/log-batch', { mishap: 'silence', times: 2 });
    const observer = mlflowBy({ now: () => 7, environment: {} }, QUICK);
    const watching = await observer.observe(run, { mlflowUri: uri });
    watching.on(step(1));
    while (!server.runs.get('run1')?.metrics.size)
      await new Promise((resolve) => setTimeout(resolve, 10));
    await watching.close!('finished');
    expect(server.requests.filter((path) => path === 'runs/create')).toHaveLength(2);
    expect(server.runs.get('run1')!.metrics.get('train/loss')).toEqual([[1, 1]]);
  });

  it.each<[string, string, Mishap, RegExp]>([
    ['is silent', 'runs/log-batch', 'silence', /does not answer/],
    ['is at a loss', 'runs/create', { status: 500, text: '' }, /does not answer \(status 500\)/],
    ['is none of MLflow', 'runs/create', { status: 200, text: '<p>' }, /is not of MLflow/],
    ['wants a password', 'runs/create', { status: 401, text: 'no' }, /with status 401/],
    [
      'refuses',
      'runs/create',
      { status: 400, text: '{"error_code":"BAD_REQUEST","message":"not so"}' },
      /refused \(BAD_REQUEST: not so\)/,
    ],
  ])('says once that a server %s', async (_, path, mishap, problem) => {
    server.mishaps.set(path, { mishap, times: Infinity });
    await expect(watch([1, 2])).rejects.toMatchObject({
      ...FAILED,
      sentence: expect.stringMatching(problem),
    });
  });

  it('says at the next event that there is no server, and at the end waits for none', async () => {
    uri = 'http://127.0.0.1:9';
    const watching = await mlflowBy({ now: () => 7, environment: {} }, QUICK).observe(run, {
      mlflowUri: uri,
    });
    watching.on(step(1));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(() => watching.on(step(2))).toThrow(`MLflow at ${uri} does not answer`);
    await expect(watching.close!('finished')).rejects.toMatchObject(FAILED);
  });

  it('refuses an address that is none of HTTP', async () => {
    const at = (environment: Record<string, string>) =>
      mlflowBy({ now: () => 7, environment }, QUICK);
    const refused = { code: 'INVALID_OPTION' };
    await expect(at({}).observe(run, { mlflowUri: 'mlruns' })).rejects.toMatchObject(refused);
    const elsewhere = at({ MLFLOW_TRACKING_URI: 'file:///mlruns' });
    await expect(elsewhere.observe(run)).rejects.toMatchObject(refused);
  });
});

describe('conformance', () => {
  const left = async (place: string) => {
    run = { place, config: {} };
    const { params, metrics } = server.runs.get((await recorded())['runId']!)!;
    return { params, metrics };
  };
  const observer = mlflowBy({ now: () => 7, environment: {} }, QUICK);
  const checks = () => observerConformance(observer, { options: { mlflowUri: uri }, left });
  it.each(observerConformance(observer).map(({ name }, i) => [name, i] as const))(
    '%s',
    async (_, i) => {
      const { place } = run;
      await checks()[i]!.run();
      run = { ...run, place };
    },
  );
});
