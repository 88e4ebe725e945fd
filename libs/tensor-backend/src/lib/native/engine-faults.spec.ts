// What ended the process, hung it or reached memory that is not the call's: each in a process of its own.
import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { backendsHere } from '../backends/backends-here.ts';
import { native } from '../backends/native.ts';

const built = backendsHere().includes(native);
const LONGEST = 240_000; // ms, on a machine that has much else to do

/** Runs a program of `fuzz`; tells the signal that ended it, if any, and the last line that it printed. */
function ran(program: string, ...given: string[]) {
  const path = fileURLToPath(new URL(`../../../fuzz/${program}`, import.meta.url));
  const { signal, stdout } = spawnSync(process.execPath, [path, ...given], {
    encoding: 'utf8',
    timeout: LONGEST,
    killSignal: 'SIGKILL',
  });
  return { signal, printed: stdout.trim().split('\n').at(-1) };
}

(built ? describe : describe.skip)('whatever it is called with, the engine', () => {
  it(
    'does as it says or refuses, and leaves other memory alone',
    () => {
      const { signal, printed } = ran('fuzz-calls.mjs', '--seed', '1', '--calls', '3000');
      expect(signal).toBeNull();
      expect(printed).toMatch(/^seed 1: \d+ calls, \d+ done .*, 0 faults$/);
      const counts = /(\d+) done \((\d+) compared .*, (\d+) refused/.exec(printed!)!.slice(1);
      // Or else the fuzzer had nothing to say.
      for (const count of counts) expect(Number(count)).toBeGreaterThan(1000);
    },
    LONGEST,
  );

  it.each([
    [
      'goes on while other threads multiply, resize the pool and choose',
      'settings',
      [true, true, true],
    ],
    ['stays when the worker that loaded it ends', 'unload', [true, true]],
    [
      "refuses another thread's tensors, and has back those of one that ended",
      'handles',
      [
        expect.stringMatching(/engine's read, the tensor's data was disposed, or is not of this/),
        0,
      ],
    ],
  ])(
    '%s',
    (_, scenario, expected) => {
      const { signal, printed } = ran('engine-in-workers.mjs', scenario);
      expect(signal).toBeNull();
      expect(JSON.parse(printed!)).toEqual(expected);
    },
    LONGEST,
  );
});
