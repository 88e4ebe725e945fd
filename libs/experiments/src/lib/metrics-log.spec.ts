import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RunPhase } from '@winnow/plugin-api';
import { METRICS, MetricsLog, readMetrics } from './metrics-log.ts';
import { memoryRunStore } from './store/memory-run-store.ts';
import type { RunStore } from './store/run-store.ts';

let store: RunStore;
beforeEach(() => {
  store = memoryRunStore();
});

/** As one start of the program does: a log of its own, flushed after each group of steps. */
async function work(phase: RunPhase, attempt: number, ...groups: number[][]): Promise<void> {
  const log = new MetricsLog(store, phase);
  for (const steps of groups) {
    for (const step of steps) log.add({ step, epoch: 0, attempt });
    await log.flush();
  }
}

const summary = async () =>
  (await readMetrics(store)).map(({ phase, step, attempt }) => [phase, step, attempt]);

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
    await store.append(METRICS, '{"phase":"train","step":3,"epo');
    expect(await summary()).toEqual([
      ['train', 1, 1],
      ['train', 2, 1],
    ]);
    await work('train', 2, [3], [4]);
    expect((await summary()).map(([, step]) => step)).toEqual([1, 2, 3, 4]);
    expect(new TextDecoder().decode(await store.read(METRICS))).not.toContain('"epo{');
  });

  it('has nothing before the first step', async () => {
    await work('train', 1, []);
    expect(await readMetrics(store)).toEqual([]);
  });

  it('names the line that is damaged', async () => {
    await store.write(METRICS, '{"phase":"train"}\nnothing\n{}\n');
    await expect(readMetrics(store)).rejects.toMatchObject({
      code: 'BAD_RUN',
      message: expect.stringContaining('Line 2 of memory/metrics.jsonl'),
    });
  });
});
