import { expect, it } from '@jest/globals';
import type { OpenDataset } from '@winnow/experiments';
import type { Dataset } from '@winnow/plugin-api';
import { interruptionBy, processInterruption } from './interruption.ts';
import { memoryConsole } from './memory-console.ts';
import { endingOnSignals } from './opening.ts';

const dataset = {} as Dataset;

/** Opens, while a signal comes; gives what was written and the code that the process ends with. */
async function opened(around = interruptionBy(new AbortController())) {
  const console = memoryConsole();
  const codes: number[] = [];
  const ended = new Promise<void>((resolve) => setTimeout(resolve, 50));
  const open: OpenDataset = async () => {
    process.emit('SIGINT');
    await ended;
    return dataset;
  };
  const opening = endingOnSignals(open, console, (code) => codes.push(code));
  expect(await around(() => opening({} as never, {}))).toBe(dataset);
  return { codes, notes: console.written.notes };
}

it('ends with 130 and one line', async () => {
  const before = process.listenerCount('SIGINT');
  expect(await opened()).toEqual({
    codes: [130],
    notes:
      'error [INTERRUPTED]: Interrupted while data were opened; nothing was begun. Run the same command again.\n',
  });
  expect(process.listenerCount('SIGINT')).toBe(before);
});

it('leaves signals to work that heeds them', async () => {
  const { codes, notes } = await opened(processInterruption(memoryConsole()));
  expect({ codes, notes }).toEqual({ codes: [], notes: '' });
});
