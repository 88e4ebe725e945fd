import { expect, it } from '@jest/globals';
import type { GivenOptions } from '@winnow/plugin-api';
import { leavesScores } from './leaves-scores.ts';
import { TOYS } from './testing/toy-run.ts';

it.each<[name: string, given: GivenOptions, leaves: boolean | undefined]>([
  ['cts', {}, true],
  ['magnitude', {}, true],
  ['snip', {}, true],
  ['snip', { iterations: 2 }, false],
  ['saliency', {}, true],
  ['synflow', {}, false],
  ['synflow', { iterations: 1 }, true],
  ['random', {}, true],
  ['ltr', {}, false],
  ['given', { ticket: 'a.safetensors' }, false],
  ['of-a-plugin', {}, undefined],
])('%s with %j: %s', (name, given, leaves) => {
  expect(leavesScores({ method: { name, given, options: {} } }, TOYS)).toBe(leaves);
});
