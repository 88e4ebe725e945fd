import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { memoryRunStore } from '@winnow/experiments';
import * as tf from '@tensorflow/tfjs-core';
import { interruptionBy } from '../terminal/interruption.ts';
import { memoryConsole } from '../terminal/memory-console.ts';
import { createWinnow } from './create-winnow.ts';

const SMALL = {
  ...{ dataset: 'digits', model: 'lenet', method: 'snip', density: 0.1, epochs: 2 },
  start: 'init',
} as const;
/** As `cpu` takes long. */
const SHORT = { ...SMALL, epochs: 1 };

let out: string;
beforeAll(async () => void (out = await mkdtemp(join(tmpdir(), 'winnow-embedded-'))));
afterAll(() => rm(out, { recursive: true }));

describe('createWinnow', () => {
  it('computes each run on the backend that it records, one after another', async () => {
    const winnow = await createWinnow();
    const runs = await Promise.all(
      ['wasm', 'cpu'].map((backend) => winnow.plan({ ...SHORT, backend }, join(out, backend))),
    );
    const alone = memoryRunStore();
    const { multiplyAddsSpent } = await winnow.run(
      await winnow.plan({ ...SHORT, backend: 'wasm' }, alone),
    );
    const used: string[] = [];
    const watcher = () => ({ on: () => void used.push(tf.getBackend()) });
    const results = await Promise.all(runs.map((run) => winnow.run(run, { watcher })));
    // Whichever comes first, the other waits for it.
    const turns = used.filter((backend, i) => backend !== used[i - 1]);
    expect(turns.toSorted()).toEqual(['cpu', 'wasm']);
    expect(results.map(({ backend }) => backend)).toEqual(['wasm', 'cpu']);
    for (const result of results) expect(result.multiplyAddsSpent).toEqual(multiplyAddsSpent);
  });

  it('keeps a run in the store that it is given, its report too', async () => {
    const winnow = await createWinnow();
    const store = memoryRunStore();
    const run = await winnow.plan(SMALL, store);
    const result = await winnow.run(run);
    expect((await run.folder.readResult())!.testAccuracy).toBe(result.testAccuracy);
    const page = new TextDecoder().decode(await store.read('report.html'));
    expect(page).toContain('lenet on digits: snip');
  });

  it('tells of an observer that needs a folder where a run has none, and makes none', async () => {
    const console = memoryConsole();
    const winnow = await createWinnow({ services: { console } });
    const run = await winnow.plan(SHORT, memoryRunStore());
    const before = await readdir('.');
    await winnow.run(run, { observe: ['tensorboard'] });
    expect(console.written.notes).toMatch(
      /^note: Observer "tensorboard" goes by the run's folder, and there is none at memory:\./m,
    );
    expect(await readdir('.')).toEqual(before);
  });

  it('plans a run with a learning curve', async () => {
    const winnow = await createWinnow();
    const { config } = await winnow.plan({ ...SMALL, validateEvery: 1 }, memoryRunStore());
    expect(config.validateEvery).toBe(1);
  });

  it('is stopped by its service, where an errand has no signal', async () => {
    const controller = new AbortController();
    const winnow = await createWinnow({ services: { interruption: interruptionBy(controller) } });
    const run = await winnow.plan(SMALL, memoryRunStore());
    controller.abort();
    await expect(winnow.run(run)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('opens data by its service', async () => {
    const opened: string[] = [];
    const winnow = await createWinnow({
      services: {
        openDataset: (descriptor, ...how) => {
          opened.push(descriptor.name);
          return descriptor.open(...how);
        },
      },
    });
    await winnow.plan(SMALL, memoryRunStore());
    expect(opened).toEqual(['digits']);
  });

  it('refuses what a run does not have', async () => {
    const winnow = await createWinnow();
    for (const nothing of [{}, undefined, { dataset: 3 }])
      await expect(winnow.plan(nothing as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    const wish = { ...SMALL, searchEpochs: 3 };
    await expect(winnow.plan(wish)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/no "searchEpochs".* go into "options"/),
    });
  });
});
