import { mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ObservedRun, RunEvent } from '@winnow/plugin-api';
import { observerConformance } from '@winnow/testing';
import { tensorboardBy } from './tensorboard.ts';

let nowMs: number;
let run: ObservedRun;
beforeEach(async () => {
  nowMs = 1500;
  const place = await realpath(await mkdtemp(join(tmpdir(), 'winnow-tensorboard-')));
  run = { place, config: { seed: 1 } };
});
afterEach(() => rm(run.place, { recursive: true }));

const observer = tensorboardBy(() => nowMs);

const step = (n: number): RunEvent => ({
  type: 'step',
  phase: 'train',
  ...{ step: n, steps: 9, epoch: 0, epochs: 1, images: 8 },
  values: { loss: 0.25 },
});

async function watch(steps: readonly number[], options = {}) {
  const watching = await observer.observe(run, options);
  for (const n of steps) watching.on(step(n));
  await watching.close!();
}

/** The events of each file, whose lengths go before them, and checksums around them. */
async function eventsIn(folder: string): Promise<[string, string[]][]> {
  const names = (await readdir(folder)).filter((name) => name.includes('tfevents')).sort();
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(folder, name));
      const events: string[] = [];
      for (let at = 0; at < bytes.length;) {
        const length = bytes.readUInt32LE(at);
        events.push(bytes.subarray(at + 12, at + 12 + length).toString('hex'));
        at += 12 + length + 4;
      }
      return [name, events];
    }),
  );
}

// At 1.5 s, by the classes of TensorBoard 2.21.
const VERSION = '09000000000000f83f1a0d627261696e2e4576656e743a32';
const startAt = (n: number) => `09000000000000f83f100${n}3a020801`;
const lossAt = (n: number) => `09000000000000f83f100${n}2a130a110a0a747261696e2f6c6f7373150000803e`;

describe('the observer tensorboard', () => {
  it('begins a file that is read last, and takes back what is told again', async () => {
    await watch([1, 2, 3]);
    await watch([3, 4]);
    expect(await eventsIn(join(run.place, 'tensorboard', 'train'))).toEqual([
      [
        'events.out.tfevents.0000000001.500.winnow',
        [VERSION, startAt(1), lossAt(1), lossAt(2), lossAt(3)],
      ],
      ['events.out.tfevents.0000000001.501.winnow', [VERSION, startAt(3), lossAt(3), lossAt(4)]],
    ]);
  });

  it('goes by the files that are there where its clock is behind', async () => {
    await watch([1]);
    nowMs = 3;
    await watch([2]);
    const names = (await eventsIn(join(run.place, 'tensorboard', 'train'))).map(([name]) => name);
    expect(names.at(-1)).toBe('events.out.tfevents.0000000001.501.winnow');
  });

  it('writes where it is told to, runs of one name apart', async () => {
    const root = join(run.place, 'all');
    await watch([1], { tensorboardDir: root });
    const { place } = run;
    run = { ...run, place: join(place, basename(place)) };
    await mkdir(run.place);
    await watch([1], { tensorboardDir: root });
    run = { ...run, place };
    const folders = await readdir(root);
    expect(folders).toHaveLength(2);
    for (const name of folders) expect(name).toContain(`${basename(place)}-`);
    expect((await readdir(place)).sort()).toEqual(['all', basename(place)].sort());
  });

  it('writes into one folder of a run, also where that is `.`', async () => {
    const root = join(run.place, 'all');
    await watch([1], { tensorboardDir: root });
    const { place } = run;
    const from = process.cwd();
    process.chdir(place);
    try {
      run = { ...run, place: '.' };
      await watch([2], { tensorboardDir: root });
    } finally {
      process.chdir(from);
      run = { ...run, place };
    }
    expect(await readdir(root)).toEqual([
      expect.stringMatching(new RegExp(`^${basename(place)}-[0-9a-f]{8}$`)),
    ]);
  });

  it('refuses a run that has no folder, and makes none', async () => {
    const { place } = run;
    run = { ...run, place: join(place, 'memory') };
    const refused = { code: 'INVALID_OPTION', message: expect.stringContaining(run.place) };
    await expect(watch([1])).rejects.toMatchObject(refused);
    const elsewhere = { tensorboardDir: join(place, 'all') };
    await expect(watch([1], elsewhere)).rejects.toMatchObject(refused);
    run = { ...run, place };
    expect(await readdir(place)).toEqual([]);
  });

  it('says at the next event, or at the end, where it cannot write', async () => {
    await writeFile(join(run.place, 'tensorboard'), 'in its way');
    const watching = await observer.observe(run);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(() => watching.on({ type: 'phase', phase: 'train' })).not.toThrow();
    await expect(watching.close!()).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' });
  });
});

describe('conformance', () => {
  it.each(observerConformance(observer).map((check) => [check.name, check] as const))(
    '%s',
    (_, check) => check.run(),
  );
});
