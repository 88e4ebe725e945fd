import { expect, it } from '@jest/globals';
import type { RunEvent } from '@winnow/plugin-api';
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

it('is told of a run, and of many that change alike once', () => {
  const one = memoryConsole();
  new RunProgressBar(one.notes, () => 0).on(changed);
  expect(one.written.notes.match(NOTE)).toHaveLength(1);
  const many = memoryConsole();
  const bar = new ManyRunsBar(many.notes);
  for (const run of ['a', 'b']) bar.on({ type: 'run', run, event: changed });
  expect(many.written.notes.match(NOTE)).toHaveLength(1);
});
