import { describe, expect, it } from '@jest/globals';
import {
  type RunEnding,
  type RunEvent,
  type RunObserver,
  defineObserver,
} from '@winnow/plugin-api';
import * as z from 'zod';
import { guardComponent } from './guard-component.ts';

const run = { place: 'runs/a', config: {} };
const event: RunEvent = { type: 'phase', phase: 'search' };
const guarded = (observe: () => unknown) =>
  guardComponent(
    defineObserver({
      name: 'log',
      summary: '',
      options: z.strictObject({ every: z.int().default(1) }),
      observe: observe as () => RunObserver,
    }),
    'theirs',
  );
const fail = () => {
  throw new TypeError('my own fault');
};
const failed = {
  code: 'PLUGIN_FAILED',
  sentence: 'Observer "log" of plugin "theirs" failed: my own fault.',
};

describe('an observer', () => {
  it('watches as it does, and is known to be its plugin’s', async () => {
    class Watching {
      readonly #told: unknown[] = [];
      on(one: RunEvent) {
        this.#told.push(one);
      }
      close(ending?: RunEnding) {
        this.#told.push(ending);
        return Promise.resolve();
      }
      get told() {
        return this.#told;
      }
    }
    const watching = new Watching();
    const log = guarded(() => watching);
    expect(log.plugin).toBe('theirs');
    const observer = await log.observe(run, { every: 2 });
    observer.on(event);
    await observer.close!('failed');
    expect(watching.told).toEqual([event, 'failed']);
    const lasting = await guarded(() => ({ on: () => {} })).observe(run);
    expect(lasting).not.toHaveProperty('close');
  });

  it('is named when it throws, and so is what it returns', async () => {
    await expect(guarded(fail).observe(run)).rejects.toMatchObject(failed);
    const observer = await guarded(() => ({ on: fail, close: fail })).observe(run);
    expect(() => observer.on(event)).toThrow(expect.objectContaining(failed));
    await expect(observer.close!()).rejects.toMatchObject(failed);
  });

  it('may refuse its options', async () => {
    await expect(
      guarded(() => ({ on: () => {} })).observe(run, { every: 0.5 }),
    ).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it.each<[what: string, watching: unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['no on()', {}],
    ['a text for on()', { on: 'step' }],
    ['a text for close()', { on: () => {}, close: 'now' }],
  ])('is named when it returns %s', async (_, watching) => {
    await expect(guarded(() => watching).observe(run)).rejects.toMatchObject({
      code: 'PLUGIN_FAILED',
      sentence: 'Observer "log" of plugin "theirs" returned no observer of a run.',
    });
  });

  it('is named when its on() would be waited for, and fails nothing later', async () => {
    const observer = await guarded(() => ({ on: () => Promise.reject(new Error('late')) })).observe(
      run,
    );
    expect(() => observer.on(event)).toThrow(
      expect.objectContaining({
        code: 'PLUGIN_FAILED',
        sentence: 'Observer "log" of plugin "theirs" returned a promise from on().',
      }),
    );
    // An unhandled rejection would end the test run.
    await new Promise(setImmediate);
  });
});
