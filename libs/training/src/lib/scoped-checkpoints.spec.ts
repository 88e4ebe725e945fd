import { describe, expect, it } from '@jest/globals';
import type { SavedState } from '@winnow/plugin-api';
import { MemoryCheckpoints } from './memory-checkpoints.ts';
import { scopedCheckpoints } from './scoped-checkpoints.ts';

const state = (...numbers: number[]): SavedState => ({
  arrays: { x: Float32Array.from(numbers) },
  values: { sum: numbers.reduce((a, b) => a + b, 0) },
});

describe(scopedCheckpoints, () => {
  it('keeps what each owner saves apart, under any names', async () => {
    const store = new MemoryCheckpoints();
    const outer = scopedCheckpoints(store);
    await outer.save({ ...state(1, 2), values: { 'a/b': 1, '~': 2 } });
    await outer.scope('in/ner').save(state(3));
    const again = scopedCheckpoints(store);
    expect(await again.load()).toEqual({ ...state(1, 2), values: { 'a/b': 1, '~': 2 } });
    expect(await again.scope('in/ner').load()).toEqual(state(3));
    expect(await again.scope('other').load()).toBeUndefined();
  });

  it('drops a part when its owner saves again, and when another part saves', async () => {
    const store = new MemoryCheckpoints();
    const outer = scopedCheckpoints(store);
    await outer.scope('round-0').save(state(1));
    expect(await outer.load()).toBeUndefined();
    await outer.save(state(2));
    expect(await outer.scope('round-0').load()).toBeUndefined();
    await outer.scope('round-1').save(state(3));
    await outer.scope('round-2').save(state(4));
    expect(await outer.scope('round-1').load()).toBeUndefined();
    expect(await outer.scope('round-2').load()).toEqual(state(4));
    expect(await outer.load()).toEqual(state(2));
  });

  it('saves a part with what its owner had saved, in another process and whatever became of its arrays', async () => {
    const store = new MemoryCheckpoints();
    const saved = state(1, 2);
    const first = scopedCheckpoints(store);
    await first.save(saved);
    saved.arrays['x']!.fill(9);
    const part = first.scope('part');
    saved.arrays['x']!.fill(10);
    await part.save(state(5));
    expect(await first.load()).toEqual(state(1, 2));
    // Another process, in which nobody looked at the owner's state.
    await scopedCheckpoints(store).scope('part').scope('deep').save(state(6));
    const second = scopedCheckpoints(store);
    expect(await second.load()).toEqual(state(1, 2));
    expect(await second.scope('part').load()).toEqual(state(5));
    expect(await second.scope('part').scope('deep').load()).toEqual(state(6));
  });

  it('adds what the outermost owner has at that moment to everything that is saved', async () => {
    const store = new MemoryCheckpoints();
    let seconds = 1;
    const counted = scopedCheckpoints(store, () => ({ arrays: {}, values: { seconds } }));
    const work = counted.scope('work');
    await work.save(state(1));
    seconds = 7;
    await work.scope('part').save(state(2));
    expect((await scopedCheckpoints(store).load())?.values).toEqual({ seconds: 7 });
    expect(await scopedCheckpoints(store).scope('work').load()).toEqual(state(1));
  });
});
