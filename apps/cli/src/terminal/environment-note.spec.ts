import { expect, it } from '@jest/globals';
import type { RunEvent } from '@winnow/plugin-api';
import { environmentNote } from './environment-note.ts';
import { ManyRunsBar } from './many-runs-bar.ts';
import { memoryConsole } from './memory-console.ts';
import { RunProgressBar } from './run-progress-bar.ts';

const changed: RunEvent = {
  type: 'environment',
  changes: [
    { name: 'instructions', before: 'avx2', now: 'sse2' },
    { name: 'node', before: '20.19.0', now: '22.4.0' },
    { name: 'trainingRoad', before: 'program', now: 'ops' },
  ],
};
const NOTE =
  /^note: .*instructions sse2 \(before: avx2\), node 22\.4\.0 \(before: 20\.19\.0\), training by ops \(before: program\);/gm;

it('names the engine that is gone, and no library that goes with its backend', () => {
  const notes = (changes: Extract<RunEvent, { type: 'environment' }>['changes']) =>
    environmentNote({ type: 'environment', changes }).split(';')[0];
  expect(notes([{ name: 'instructions', before: 'avx2', now: 'none' }])).toBe(
    'note: this run goes on with no native engine (before: avx2)',
  );
  expect(
    notes([
      { name: 'backend', before: 'tensorflow', now: 'native' },
      { name: 'tensorflow', before: '2.20.0', now: 'none' },
    ]),
  ).toBe('note: this run goes on with backend native (before: tensorflow)');
  expect(notes([{ name: 'tensorflow', before: '2.20.0', now: '2.21.0' }])).toBe(
    'note: this run goes on with tensorflow 2.21.0 (before: 2.20.0)',
  );
});

it('is told of a run, and of many that change alike once', () => {
  const one = memoryConsole();
  new RunProgressBar(one.notes, () => 0).on(changed);
  expect(one.written.notes.match(NOTE)).toHaveLength(1);
  const many = memoryConsole();
  const bar = new ManyRunsBar(many.notes);
  for (const run of ['a', 'b']) bar.on({ type: 'run', run, event: changed });
  expect(many.written.notes.match(NOTE)).toHaveLength(1);
});
