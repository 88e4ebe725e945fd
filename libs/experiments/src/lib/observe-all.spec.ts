import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { RunEvent, RunObserver } from '@winnow/plugin-api';
import { cpu } from '@winnow/tensor-backend';
import { observeAll } from './observe-all.ts';
import { RunFolder } from './run-folder.ts';
import { memoryRunStore } from './store/memory-run-store.ts';
import { attemptToy, planToy } from './testing/toy-run.ts';

const EVENT: RunEvent = { type: 'phase', phase: 'train' };

/** Keeps what it hears. */
function listener() {
  const heard: string[] = [];
  const observer: RunObserver = {
    on: ({ type }) => void heard.push(type),
    close: (ending) => Promise.resolve(void heard.push(`close ${ending}`)),
  };
  return { heard, observer };
}

const broken = (own: Partial<RunObserver>): RunObserver => ({ on: () => {}, ...own });
const fail = () => {
  throw new Error('broken');
};

describe('observeAll', () => {
  it.each<[string, RunObserver]>([
    ['throws', broken({ on: fail })],
    // Its author declared it `async`, which the type of a callback lets pass.
    ['fails later', broken({ on: () => Promise.reject(new Error('broken')) as unknown as void })],
    ['throws and cannot be closed', broken({ on: fail, close: fail })],
    ['cannot be closed', broken({ close: () => Promise.reject(new Error('broken')) })],
  ])('tells once of one that %s; the others hear everything', async (_, bad) => {
    const good = listener();
    const failures: [unknown, RunObserver][] = [];
    const all = observeAll([bad, good.observer], (...failure) => void failures.push(failure));
    for (let n = 0; n < 3; n++) {
      all.on(EVENT);
      await Promise.resolve();
    }
    await all.close!('failed');
    expect(good.heard).toEqual(['phase', 'phase', 'phase', 'close failed']);
    expect(failures).toEqual([[new Error('broken'), bad]]);
  });

  it('tells one that threw no more, but closes it', async () => {
    const heard: string[] = [];
    const bad = broken({
      on() {
        heard.push('on');
        fail();
      },
      close: () => Promise.resolve(void heard.push('close')),
    });
    const all = observeAll([bad], () => {});
    all.on(EVENT);
    all.on(EVENT);
    await all.close!();
    expect(heard).toEqual(['on', 'close']);
  });
});

it('does not wait for ever for one that does not end', async () => {
  jest.useFakeTimers();
  const failures: unknown[] = [];
  const endless = broken({ close: () => new Promise<void>(() => {}) });
  const closed = observeAll([endless], (error) => void failures.push(error)).close!();
  await jest.advanceTimersByTimeAsync(29_999);
  expect(failures).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  await closed;
  jest.useRealTimers();
  expect(String(failures)).toContain('had not ended after 30 s');
});

describe('a run', () => {
  beforeAll(() => cpu.start());

  it('is the same with an observer that throws, and closes all when it is interrupted; nobody watches one that is refused', async () => {
    const plan = await planToy({});
    const folder = () => new RunFolder(memoryRunStore());
    const watched = async (stopAfter: number, of = plan) => {
      const good = listener();
      const observer = observeAll([broken({ on: fail }), good.observer], () => {});
      const attempt = attemptToy(of, folder(), { stopAfter, observer });
      const outcome = await attempt.catch((error: unknown) => ({ result: undefined, error }));
      return { ...good, ...outcome };
    };
    const whole = await watched(Infinity);
    expect(whole.result).toEqual((await attemptToy(plan, folder())).result);
    expect(whole.heard.slice(-2)).toEqual(['result', 'close finished']);
    expect((await watched(2)).heard).toEqual(['phase', 'step', 'step', 'close interrupted']);
    const torn = { ...plan.dataset.test, read: () => Promise.reject(new Error('torn')) };
    const unreadable = { ...plan, dataset: { ...plan.dataset, test: torn } };
    const failed = await watched(Infinity, unreadable);
    expect(failed.heard.at(-1)).toBe('close failed');
    const unknown = { ...plan.config, method: { name: 'none', given: {}, options: {} } };
    const refused = await watched(Infinity, { ...plan, config: unknown });
    expect(refused).toMatchObject({ heard: [], error: { code: 'UNKNOWN_NAME' } });
  });
});
