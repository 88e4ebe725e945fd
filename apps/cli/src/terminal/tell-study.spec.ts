import { expect, it } from '@jest/globals';
import type { RunStanding, StudyRun, WorkLeft } from '@winnow/studies';
import { ManyRunsBar } from './many-runs-bar.ts';
import { sharedLines, studyLines } from './tell-study.ts';

const component = (name: string) => ({ name, given: {}, options: {} });

function run(name: string, seed: number): StudyRun {
  const config = {
    ...{
      method: component('snip'),
      model: component('lenet'),
      dataset: { ...component('digits'), checksum: '' },
    },
    ...{ density: 0.1, seed, recipe: {}, versions: {}, plugins: [] },
  };
  const folder = { file: (place: string) => `runs/${name}/${place}` };
  return { name, config, folder } as unknown as StudyRun;
}

const failed = (name: string, seed: number, reason: string) =>
  ({
    ...{ run: run(name, seed), state: 'failed', differs: {} },
    failure: { reason, log: [], at: '' },
  }) satisfies RunStanding;

it('tells a reason for which several runs failed once', () => {
  const found = [
    failed('a', 1, 'Too hot.'),
    failed('b', 2, 'No disk.'),
    failed('c', 3, 'Too hot.'),
  ];
  expect(studyLines(found).slice(1)).toEqual([
    '3 runs: 3 failed',
    'a and 1 more failed: Too hot. Log: runs/a/log.txt',
    'b failed: No disk. Log: runs/b/log.txt',
  ]);
  const written: string[] = [];
  const bar = new ManyRunsBar({ write: (text: string) => written.push(text) } as never);
  for (const { run, failure } of found)
    bar.on({ type: 'failed', run: run.name, reason: failure.reason });
  expect(written).toEqual([
    'note: a failed: Too hot.\n',
    'note: b failed: No disk.\n',
    'note: c failed for a reason told before\n',
  ]);
});

it('tells how many runs what is shared serves', () => {
  const [a, b, c] = [run('a', 1), run('b', 2), run('c', 3)];
  const job = (of: StudyRun, until: string) => ({ run: of, until });
  const work = {
    runs: [a, b, c],
    sharing: new Map([
      [a, {}],
      [b, { start: a }],
      [c, { start: a, ticket: b }],
    ]),
    jobs: [job(a, 'start'), job(b, 'ticket'), job(a, 'end'), job(b, 'end'), job(c, 'end')],
  };
  expect(sharedLines(work as unknown as WorkLeft<StudyRun>)).toEqual([
    '1 start point serves 3 runs',
    '1 search serves 2 runs',
  ]);
});
