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
  const log = new MetricsLog(store, 'mine', phase);
  for (const steps of groups) {
    for (const step of steps) log.add({ step, epoch: 0, attempt });
    await log.flush();
  }
}

const summary = async () =>
  (await readMetrics(store, 'mine')).map(({ phase, step, attempt }) => [phase, step, attempt]);

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
    expect(await readMetrics(store, 'mine')).toEqual([]);
  });

  it('names the line that is damaged', async () => {
    const good = '{"phase":"train","step":1,"epoch":0}';
    for (const bad of ['nothing', 'null', '5', '[]', '{"phase":"train","step":"2"}']) {
      await store.write(METRICS, `{"format":2,"run":"mine"}\n${good}\n${bad}\n${good}\n`);
      await expect(readMetrics(store, 'mine')).rejects.toMatchObject({
        code: 'BAD_RUN',
        message: expect.stringContaining('Line 3 of memory:/metrics.jsonl'),
      });
    }
  });

  it.each([
    ['FOREIGN_FILE', '{"format":2,"run":"theirs"}', 'memory:/metrics.jsonl is of another run'],
    ['RUN_VERSION', '{"format":3,"run":"mine"}', 'memory:/metrics.jsonl is of format 3'],
    ['BAD_RUN', '{"phase":"train","step":1,"epoch":0}', 'Line 1 of memory:/metrics.jsonl'],
  ])('is refused with %s where it begins with %s', async (code, header, message) => {
    await store.write(METRICS, `${header}\n`);
    await expect(readMetrics(store, 'mine')).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});
