import { expect, it } from '@jest/globals';
import type { RunJob } from '@winnow/plugin-api';
import { taskArrays } from './task-arrays.ts';

const job = (name: string, ...after: RunJob[]): RunJob => ({
  ...{ name, folder: `/${name}`, until: 'end', after },
});

const told = (jobs: readonly RunJob[], most: number) => {
  const arrays = taskArrays(jobs, most);
  return arrays.map((array) => [
    array.jobs.map(({ name }) => name).join(''),
    array.after.map((other) => arrays.indexOf(other)),
  ]);
};

it('has those that others wait for apart, and nobody wait for more', () => {
  const start = job('s');
  const search = job('t', start);
  const [b, c, alone, elsewhere] = [job('b', start), job('c', search), job('a'), job('x')];
  const later = job('e', elsewhere);
  expect(told([start, search, b, c, alone, later], 10)).toEqual([
    ['s', []],
    ['ae', []],
    ['t', [0]],
    ['b', [0]],
    ['c', [2]],
  ]);
});

it('splits them where they are larger than Slurm lets them be', () => {
  const [s, t] = [job('s'), job('t')];
  expect(told([s, t, job('a', s), job('b', t), job('c', s, t), job('d')], 1)).toEqual([
    ['s', []],
    ['t', []],
    ['d', []],
    ['a', [0]],
    ['b', [1]],
    ['c', [0, 1]],
  ]);
});
