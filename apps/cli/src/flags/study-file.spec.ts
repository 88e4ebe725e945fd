import { expect, it } from '@jest/globals';
import { type Study } from '@winnow/studies';
import { runsOf } from './study-file.ts';

it.each([
  [undefined, 'studies/runs'],
  ['../runs', 'runs'],
  ['/scratch/runs', '/scratch/runs'],
])('finds the folder of runs %s beside the file, or where a whole path says', (runs, folder) => {
  const study = { runs, place: { path: 'studies/first.yaml', lineOf: () => undefined } };
  expect(runsOf(study as Study)).toBe(folder);
});
