import { expect, it } from '@jest/globals';
import type { RunEvent } from '@winnow/plugin-api';
import { ManyRunsBar } from './many-runs-bar.ts';
import { memoryConsole } from './memory-console.ts';
import { RunProgressBar } from './run-progress-bar.ts';

const ticket = (...notes: string[]): RunEvent => ({
  type: 'ticket',
  kept: 1,
  size: 2,
  layers: [],
  notes,
});

it('are told of a run, and of many that are alike once', () => {
  const one = memoryConsole();
  new RunProgressBar(one.notes, () => 0).on(ticket('not settled', 'of\u009b two lines\n'));
  expect(one.written.notes).toBe('note: not settled\nnote: of\\x9b two lines\n');
  const many = memoryConsole();
  const bar = new ManyRunsBar(many.notes);
  bar.on({ type: 'run', run: 'a', event: ticket('perturbed') });
  bar.on({ type: 'run', run: 'b', event: ticket('perturbed', 'not settled') });
  expect(many.written.notes).toBe('note: a: perturbed\nnote: b: not settled\n');
});
