import { expect, it } from '@jest/globals';
import { runPaths } from './run-paths.ts';

it('has the path from around the folder that was given, the nearest one', () => {
  const pathOf = runPaths(['/a/runs', '/b/more/', '/a/runs/own']);
  expect(
    ['/a/runs/x', '/b/more/deep/../y', '/a/runs', '/a/runs/own/z', '/c/d'].map(pathOf),
  ).toEqual(['runs/x', 'more/y', 'runs', 'own/z', '/c/d']);
});

it('has whole paths where two folders are called alike', () => {
  expect(['/a/runs/x', '/b/runs/x'].map(runPaths(['/a/runs', '/b/runs']))).toEqual([
    '/a/runs/x',
    '/b/runs/x',
  ]);
});
