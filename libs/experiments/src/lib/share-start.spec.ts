import { expect, it } from '@jest/globals';
import { ComponentRegistry } from '@winnow/plugin-api';
import { type RunRequest, planRun } from './plan-run.ts';
import { haveSameStart } from './share-start.ts';
import { toyData, toyModel } from './testing/toy-components.ts';

async function config(request: Partial<RunRequest> = {}) {
  const plan = await planRun(
    {
      method: 'dense',
      model: 'toy-model',
      dataset: 'toy-data',
      seed: 1,
      start: 'init',
      recipe: 'standard',
      options: {},
      plugins: [],
      backend: 'cpu',
      versions: {},
      ...request,
    },
    new ComponentRegistry([toyData, toyModel]),
  );
  return plan.config;
}

it('is one start, wherever data lie and in whatever order options are given', async () => {
  const one = await config({ dataset: 'toy-data:here', options: { units: 4, blur: 1 } });
  const other = await config({ dataset: 'toy-data:there', options: { blur: 1, units: 4 } });
  expect(haveSameStart(one, other)).toBe(true);
  expect(haveSameStart(one, await config({ options: { units: 4 } }))).toBe(false);
});
