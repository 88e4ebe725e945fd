import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MetricsLog, readMetrics } from './metrics-log.ts';
import type { Phase } from './phase.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-metrics-'));
  path = join(folder, 'metrics.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

/** As one start of the program does: a log of its own, flushed after each group of steps. */
async function work(phase: Phase, attempt: number, ...groups: number[][]): Promise<void> {
  const log = new MetricsLog(path, phase);
  for (const steps of groups) {
    for (const step of steps) log.add({ step, epoch: 0, attempt });
    await log.flush();
  }
}

const summary = async () =>
  (await readMetrics(path)).map(({ phase, step, attempt }) => [phase, step, attempt]);

describe('MetricsLog', () => {
  it('holds each step once after a resumption, as it was last done', async () => {
    await work('search', 1, [1, 2]);
    await work('train', 1, [1, 2, 3], [4, 5]);
    await work('train', 2, [], [3], [4]);
    expect(await summary()).toEqual([
      ['search', 1, 1],
      ['search', 2, 1],
      ['train', 1, 1],
      ['train', 2, 1],
      ['train', 3, 2],
      ['train', 4, 2],
    ]);
  });

  it('drops a torn last line, when it is read and when work goes on', async () => {
    await work('train', 1, [1, 2]);
    await appendFile(path, '{"phase":"train","step":3,"epo');
    expect(await summary()).toEqual([
      ['train', 1, 1],
      ['train', 2, 1],
    ]);
    await work('train', 2, [3], [4]);
    expect((await summary()).map(([, step]) => step)).toEqual([1, 2, 3, 4]);
    expect(await readFile(path, 'utf8')).not.toContain('"epo{');
  });

  it('has nothing before the first step', async () => {
    await work('train', 1, []);
    expect(await readMetrics(path)).toEqual([]);
  });
});
