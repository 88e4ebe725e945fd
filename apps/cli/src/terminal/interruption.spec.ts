import { expect, it } from '@jest/globals';
import { processInterruption } from './interruption.ts';
import { memoryConsole } from './memory-console.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'disconnect'] as const;
const listeners = () => SIGNALS.map((name) => process.listenerCount(name));

it('lets signals stop the work, and leaves none behind', async () => {
  const console = memoryConsole();
  const before = listeners();
  const stopped = await processInterruption(console, () => 0)((signal) => {
    expect(listeners()).toEqual(before.map((count) => count + 1));
    process.emit('SIGTERM');
    // A group and a process may both be told.
    process.emit('SIGINT');
    return Promise.resolve(signal.aborted);
  }, 'Keeping what has come');
  expect(stopped).toBe(true);
  expect(console.written.notes).toBe('\nKeeping what has come; Ctrl-C again stops at once.\n');
  expect(listeners()).toEqual(before);
});

it('leaves none behind where the work fails', async () => {
  const before = listeners();
  const work = processInterruption(memoryConsole())(() => Promise.reject(new Error('no')));
  await expect(work).rejects.toThrow('no');
  expect(listeners()).toEqual(before);
});

it('stops the work of a parent that went away before it began', async () => {
  const before = Object.getOwnPropertyDescriptor(process, 'connected');
  Object.defineProperty(process, 'connected', { value: false, configurable: true });
  const isStopped = await processInterruption(memoryConsole())((signal) =>
    Promise.resolve(signal.aborted),
  );
  if (before) Object.defineProperty(process, 'connected', before);
  else Reflect.deleteProperty(process, 'connected');
  expect(isStopped).toBe(true);
});
