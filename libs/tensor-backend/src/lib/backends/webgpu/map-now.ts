import type { DawnTurns, GpuBuffer } from './dawn.ts';

const MAP_READ = 1;
/** Turns that are taken one after another, before others get the processor in between. */
const AT_ONCE = 50;
const NAP_MS = 0.2;

const never = new Int32Array(new SharedArrayBuffer(4));

/** Maps a buffer for reading before it returns. Returns why it did not: the device is lost, or silent for `patienceMs`. */
export function mapNow(
  buffer: GpuBuffer,
  turns: DawnTurns,
  patienceMs: number,
): 'lost' | 'silent' | undefined {
  const until = performance.now() + patienceMs;
  // It is answered by the buffer's state.
  buffer.mapAsync(MAP_READ).catch(() => {});
  for (let turn = 0; buffer.mapState === 'pending'; turn++) {
    if (!turns.takeNow() || performance.now() > until) return 'silent';
    if (turn > AT_ONCE) Atomics.wait(never, 0, 0, NAP_MS);
  }
  return buffer.mapState === 'mapped' ? undefined : 'lost';
}
