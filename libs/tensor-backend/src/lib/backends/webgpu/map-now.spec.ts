import { expect, it } from '@jest/globals';
import { DawnTurns, type GpuBuffer } from './dawn.ts';
import { mapNow } from './map-now.ts';

const PATIENCE_MS = 1000;
/** As GPUMapMode.READ. */
const READ = 1;

/** Buffers as Dawn has them, which become `answer` in the turn of theirs, the `after`-th that it asks for. */
function fakeDawn(answer: 'mapped' | 'unmapped', after = 1) {
  let taken = 0;
  class GPUBuffer {
    mapState: GpuBuffer['mapState'] = 'unmapped';
    mapAsync(): Promise<void> {
      this.mapState = 'pending';
      const turn = () => {
        taken++;
        if (taken < after) globalThis.setImmediate(turn);
        else this.mapState = answer;
      };
      globalThis.setImmediate(turn);
      return answer === 'mapped' ? Promise.resolve() : Promise.reject(new Error('lost'));
    }
  }
  const turns = new DawnTurns({ GPUBuffer });
  return { buffer: new GPUBuffer() as unknown as GpuBuffer, turns, taken: () => taken };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

it('maps a buffer within the call, in as many turns as Dawn asks for, each taken once', async () => {
  const node = globalThis.setImmediate;
  const { buffer, turns, taken } = fakeDawn('mapped', 3);
  expect(mapNow(buffer, turns, PATIENCE_MS)).toBeUndefined();
  expect([buffer.mapState, taken()]).toEqual(['mapped', 3]);
  expect(globalThis.setImmediate).toBe(node);
  await nextTurn();
  await nextTurn();
  expect(taken()).toBe(3);
});

it("leaves what nobody waits for to Node's loop", async () => {
  const { buffer, taken } = fakeDawn('mapped');
  void buffer.mapAsync(READ);
  expect(taken()).toBe(0);
  await nextTurn();
  expect([buffer.mapState, taken()]).toEqual(['mapped', 1]);
});

it('takes the turn that another read waits for already', () => {
  const { buffer, turns } = fakeDawn('mapped');
  void buffer.mapAsync(READ);
  expect(turns.takeNow()).toBe(true);
  expect([buffer.mapState, turns.takeNow()]).toEqual(['mapped', false]);
});

it('says that a device is lost, or that it does not answer', () => {
  const lost = fakeDawn('unmapped');
  expect(mapNow(lost.buffer, lost.turns, PATIENCE_MS)).toBe('lost');
  const slow = fakeDawn('mapped', 3);
  expect(mapNow(slow.buffer, slow.turns, -1)).toBe('silent');
  const { buffer } = fakeDawn('mapped');
  const others = new DawnTurns({});
  expect(mapNow(buffer, others, PATIENCE_MS)).toBe('silent');
});
