import { afterEach, describe, expect, it } from '@jest/globals';
import { nextTurn } from './next-turn.ts';

const { setImmediate } = globalThis;
afterEach(() => {
  globalThis.setImmediate = setImmediate;
});

describe('nextTurn', () => {
  it.each([
    ['in Node', setImmediate],
    ['in a browser, which has no setImmediate', undefined],
  ])('lets timers through %s', async (_, given) => {
    globalThis.setImmediate = given as typeof setImmediate;
    let rang = false;
    setTimeout(() => (rang = true), 1);
    const limit = performance.now() + 2000;
    while (!rang && performance.now() < limit) await nextTurn();
    expect(rang).toBe(true);
  });
});
