import { describe, expect, it } from '@jest/globals';
import {
  type Component,
  ComponentRegistry,
  defineObjective,
  definePruner,
} from '@winnow/plugin-api';
import * as z from 'zod';
import { type RunRequest, planRun } from './plan-run.ts';
import { toyData, toyModel } from './testing/toy-components.ts';

const unused = () => {
  throw new Error('Not called here.');
};
const parsed: unknown[] = [];
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
        parsed.push(text);
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
let stamps = 0;
const restless = definePruner({
  ...common,
  name: 'restless',
  options: z.strictObject({ stamp: z.number().default(() => stamps++) }),
});
const nested = definePruner({
  ...common,
  name: 'nested',
  options: z.strictObject({ weights: z.record(z.string(), z.number()) }),
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
const methods = [follower, loner, restless, nested, undecided];
const components: Component[] = [toyData, toyModel, ...methods, plain, focal];

const plan = (request: Partial<RunRequest> = {}, registry = new ComponentRegistry(components)) =>
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
      backend: 'cpu',
      versions: {},
      ...request,
    },
    registry,
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
        options: { blur: 0 },
        checksum: 'toy',
      },
    });
    expect(name).toMatch(/^toy-data-toy-model-follower-focal-0\.5-seed1-[0-9a-f]{8}$/);
  });

  it('counts the plugins that bring what it uses, and no others', async () => {
    const by: Record<string, string> = { follower: 'search', focal: 'focus', loner: 'unused' };
    const recordOf = (name: string, sha256 = 'a') => ({ name, specifier: `/${name}.js`, sha256 });
    const registryOf = (...records: ReturnType<typeof recordOf>[]) =>
      new ComponentRegistry(
        components.map((one) => ({ ...one, ...(one.name in by && { plugin: by[one.name]! }) })),
        records,
      );
    const [search, focus, unused] = ['search', 'focus', 'unused'].map((name) => recordOf(name));
    const before = registryOf(search!, focus!, unused!);
    const plain = await plan({}, before);
    expect(plain.config.plugins).toEqual([{ ...search, brings: ['method'] }]);
    const ofBoth = await plan({ objective: 'focal' }, before);
    expect(ofBoth.config.plugins).toEqual([
      { ...search, brings: ['method'] },
      { ...focus, brings: ['objective'] },
    ]);
    const changed = registryOf(search!, recordOf('focus', 'b'), recordOf('unused', 'b'));
    expect((await plan({}, changed)).name).toBe(plain.name);
    expect((await plan({ objective: 'focal' }, changed)).name).not.toBe(ofBoth.name);
  });

  it('gives a run one name, whether its defaults are spelt out or not', async () => {
    const { name } = await plan();
    const defaults = { layers: 'a,b', units: 8 };
    expect((await plan({ objective: 'plain', options: defaults })).name).toBe(name);
    expect((await plan({ options: { units: 4 } })).name).not.toBe(name);
  });

  it('gives a run one name, in whatever order its options are given', async () => {
    const [one, other] = [
      { units: 4, blur: 1, layers: 'c' },
      { layers: 'c', blur: 1, units: 4 },
    ];
    const plans = [await plan({ options: one }), await plan({ options: other })];
    expect(plans[0]!.name).toBe(plans[1]!.name);
    const nested = (weights: object) => plan({ method: 'nested', options: { weights } });
    expect((await nested({ a: 1, b: 2 })).name).toBe((await nested({ b: 2, a: 1 })).name);
    const left = async (...leaveOut: string[]) => (await plan({ leaveOut })).name;
    expect(await left('head.*', 'head.weight', 'head.*')).toBe(await left('head.weight', 'head.*'));
    const layers = (layerDensities: Record<string, number>) => plan({ layerDensities });
    const [first, second] = [
      await layers({ '*': 0.5, 'head.*': 0.5 }),
      await layers({ 'head.*': 0.5, '*': 0.5 }),
    ];
    expect(first.name).not.toBe(second.name);
  });

  it("gives a run one name, wherever its data lie, and another for another's data", async () => {
    const { name } = await plan({ dataset: 'toy-data:here' });
    expect((await plan({ dataset: 'toy-data:there' })).name).toBe(name);
    expect((await plan({ options: { blur: 1 } })).name).not.toBe(name);
  });

  it('begins at the initialisation where no epoch is trained before', async () => {
    const startOf = async (request: Partial<RunRequest>) => {
      const { start, rewindEpochs } = (await plan({ start: 'rewind', ...request })).config;
      return [start, rewindEpochs];
    };
    expect(await startOf({ epochs: 2 })).toEqual(['rewind', 1]);
    expect(await startOf({ epochs: 1 })).toEqual(['init', 0]);
    expect(await startOf({ epochs: 2, rewindEpochs: 0 })).toEqual(['init', 0]);
  });

  it("never parses what came of a method's options", async () => {
    parsed.length = 0;
    await plan({ options: { layers: 'c' } });
    expect(new Set(parsed)).toEqual(new Set(['c']));
  });

  it('refuses a default that is another one every time, and takes the option given', async () => {
    const refusal = expect.objectContaining({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('Option "stamp" of method "restless" is another one'),
    });
    await expect(plan({ method: 'restless' })).rejects.toEqual(refusal);
    const given = await plan({ method: 'restless', options: { stamp: 7 } });
    expect(given.config.method.options).toEqual({ stamp: 7 });
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
    ['a pattern that is no list', 'INVALID_OPTION', { leaveOut: '*' as never }],
    ['options that are no map', 'INVALID_OPTION', { options: 'x' as never }],
    ['a pattern that names nothing', 'BAD_LAYER', { leaveOut: ['heat.*'] }],
    ['a density of no layer', 'BAD_LAYER', { layerDensities: { 'hidden.bias': 0.5 } }],
    [
      'layers that keep more than there is to keep',
      'LAYER_DENSITY',
      { density: 0.1, layerDensities: { 'hidden.*': 1 } },
    ],
    ['a density below 0', 'BAD_DENSITY', { density: -1 }],
    ['a start that there is not', 'INVALID_OPTION', { start: 'Rewind' as 'rewind' }],
    ['a density of nothing', 'EMPTY_TICKET', { density: 0.001 }],
    ['an unknown objective', 'UNKNOWN_NAME', { objective: 'focla' }],
  ])('refuses %s', async (_, code, request) => {
    await expect(plan(request)).rejects.toMatchObject({ code });
  });
});
