import { describe, expect, it } from '@jest/globals';
import {
  type Component,
  ComponentRegistry,
  defineObjective,
  definePruner,
} from '@winnow/plugin-api';
import { z } from 'zod';
import { type RunRequest, planRun } from './plan-run.ts';
import { toyData, toyModel } from './testing/toy-components.ts';

const unused = () => {
  throw new Error('Not called here.');
};
let parsed = 0;
const common = { summary: '', findTicket: unused };
const follower = definePruner({
  ...common,
  name: 'follower',
  needs: ['objective'],
  defaultObjective: 'plain',
  options: z.strictObject({
    layers: z
      .string()
      .default('a,b')
      .transform((text) => {
        parsed++;
        return text.split(',');
      }),
  }),
});
const loner = definePruner({
  ...common,
  name: 'loner',
  options: z.strictObject({ rounds: z.number().default(1) }),
  density: ({ rounds }) => Promise.resolve(rounds / 4),
});
const undecided = definePruner({
  ...common,
  name: 'undecided',
  needs: ['objective'],
  options: z.strictObject({}),
});
const objective = { summary: '', lossScale: 1, stationaryAtDense: false, evaluate: unused };
const plain = defineObjective({ ...objective, name: 'plain' });
const focal = defineObjective({
  ...objective,
  name: 'focal',
  options: z.strictObject({ gamma: z.number().default(2) }),
});
const components: Component[] = [toyData, toyModel, follower, loner, undecided, plain, focal];

const plan = (request: Partial<RunRequest> = {}) =>
  planRun(
    {
      method: 'follower',
      model: 'toy-model',
      dataset: 'toy-data',
      density: 0.5,
      seed: 1,
      start: 'init',
      recipe: 'standard',
      options: {},
      plugins: [],
      backend: 'cpu',
      versions: {},
      ...request,
    },
    new ComponentRegistry(components),
  );

describe('planRun', () => {
  it('records of every component what was given and what it resolved to', async () => {
    const options = { layers: 'c', units: 4, gamma: 3 };
    const { config, name } = await plan({ objective: 'focal', dataset: 'toy-data:there', options });
    expect(config).toMatchObject({
      method: { name: 'follower', given: { layers: 'c' }, options: { layers: ['c'] } },
      objective: { name: 'focal', given: { gamma: 3 }, options: { gamma: 3 } },
      model: { name: 'toy-model', given: { units: 4 }, options: { units: 4 } },
      dataset: {
        name: 'toy-data',
        given: { path: 'there' },
        options: { path: 'there', blur: 0 },
        checksum: 'toy',
      },
    });
    expect(name).toMatch(/^toy-data-toy-model-follower-focal-0\.5-seed1-[0-9a-f]{8}$/);
  });

  it('gives a run one name, whether its defaults are spelt out or not', async () => {
    const { name } = await plan();
    const defaults = { layers: 'a,b', units: 8 };
    expect((await plan({ objective: 'plain', options: defaults })).name).toBe(name);
    expect((await plan({ options: { units: 4 } })).name).not.toBe(name);
  });

  it("parses a method's options once", async () => {
    parsed = 0;
    await plan({ options: { layers: 'c' } });
    expect(parsed).toBe(1);
  });

  it("follows the method's own objective where none is chosen, and asks where it has none", async () => {
    expect((await plan()).config.objective).toEqual({ name: 'plain', given: {}, options: {} });
    expect((await plan({ method: 'loner' })).config).not.toHaveProperty('objective');
    await expect(plan({ method: 'undecided' })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('Give --objective: plain, focal.'),
    });
  });

  it("takes the method's own density where none is given", async () => {
    const own = await plan({ method: 'loner', density: undefined, options: { rounds: 3 } });
    expect(own.config.density).toBe(0.75);
    await expect(plan({ density: undefined })).rejects.toThrow(
      'Method "follower" needs a density.',
    );
  });

  it('records what is said of single layers', async () => {
    const own = { leaveOut: ['head.*'], layerDensities: { 'hidden.weight': 0.5 } };
    expect((await plan(own)).config).toMatchObject(own);
    const { config } = await plan();
    expect(config).not.toHaveProperty('leaveOut');
    expect(config).not.toHaveProperty('layerDensities');
  });

  it.each<[what: string, code: string, request: Partial<RunRequest>]>([
    [
      'an objective for a method that follows none',
      'OPTION_NOT_USED',
      { method: 'loner', objective: 'focal' },
    ],
    [
      'an objective for dense training',
      'OPTION_NOT_USED',
      { method: 'dense', density: 1, objective: 'focal' },
    ],
    [
      'an option of an objective that is not followed',
      'OPTION_NOT_USED',
      { options: { gamma: 3 } },
    ],
    [
      'an option that the objective refuses',
      'INVALID_OPTION',
      { objective: 'focal', options: { gamma: 'x' } },
    ],
    [
      'layers left out of dense training',
      'OPTION_NOT_USED',
      { method: 'dense', density: 1, leaveOut: ['head.*'] },
    ],
    [
      'densities of layers at density 1',
      'OPTION_NOT_USED',
      { density: 1, layerDensities: { 'head.*': 1 } },
    ],
    ['a pattern that names nothing', 'BAD_LAYER', { leaveOut: ['heat.*'] }],
    ['a density of no layer', 'BAD_LAYER', { layerDensities: { 'hidden.bias': 0.5 } }],
    [
      'layers that keep more than there is to keep',
      'LAYER_DENSITY',
      { density: 0.1, layerDensities: { 'hidden.*': 1 } },
    ],
    ['a density below 0', 'BAD_DENSITY', { density: -1 }],
    ['a density of nothing', 'EMPTY_TICKET', { density: 0.001 }],
    ['an unknown objective', 'UNKNOWN_NAME', { objective: 'focla' }],
  ])('refuses %s', async (_, code, request) => {
    await expect(plan(request)).rejects.toMatchObject({ code });
  });
});
