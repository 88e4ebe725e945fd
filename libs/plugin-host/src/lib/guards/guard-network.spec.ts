import { describe, expect, it } from '@jest/globals';
import { type Network, computedGraph, computing } from '@winnow/plugin-api';
import { guardNetwork } from './guard-network.ts';

/** As a plugin in JavaScript may hand it over. */
const untyped = <T>(value: unknown) => value as T;
const fail = () => {
  throw new TypeError('my own fault.');
};
const failed = expect.objectContaining({
  code: 'PLUGIN_FAILED',
  sentence: 'Model "mine" of plugin "theirs" failed: my own fault.',
  cause: expect.any(TypeError),
});

const input = { height: 2, width: 2, channels: 1 };
const weight = {
  name: 'w',
  shape: [3, 4],
  prunable: true,
  initializer: { kind: 'constant', value: 0 } as object | null,
  usesPerImage: 1,
};
const logits = (...shape: number[]) => ({ shape });
const network = {
  name: 'mine',
  input,
  classes: 3,
  parameters: [weight],
  forward: () => logits(5, 3),
};
const guarded = (made: unknown) =>
  guardNetwork(untyped<Network>(made), {
    input,
    classes: 3,
    title: 'Model "mine" of plugin "theirs"',
    plugin: 'theirs',
  });
const forward = (made: object) =>
  guarded(made).forward({}, untyped<Parameters<Network['forward']>[1]>({ shape: [5, 2, 2, 1] }));
const flowing = (synapticFlow: () => unknown) =>
  guarded({ ...network, synapticFlow }).synapticFlow!({});
const initializedBy = (initializer: object | null) => ({
  ...network,
  parameters: [{ ...weight, initializer }],
});

describe('guardNetwork', () => {
  it('leaves a network that computes as its graph says, and makes none of one that does not', () => {
    const graph = { layers: [], logits: 0 };
    const own = computing(
      graph,
      untyped<Network['forward']>(() => logits(5, 3)),
    );
    expect(computedGraph(guarded({ ...network, graph, forward: own }))).toBe(graph);
    expect(computedGraph(guarded({ ...network, graph }))).toBeUndefined();
  });

  it('takes a network, which is then known to be its plugin’s', () => {
    expect(guarded(network)).toMatchObject({ name: 'mine', plugin: 'theirs' });
    expect(guarded(network)).not.toHaveProperty('synapticFlow');
    expect(forward(network)).toEqual(logits(5, 3));
    const flow = { value: logits(), exponent: -3 };
    expect(flowing(() => flow)).toBe(flow);
    for (const initializer of [
      { kind: 'normal', std: 1 },
      { kind: 'uniform', low: -1, high: 1 },
    ])
      expect(() => guarded(initializedBy(initializer))).not.toThrow();
  });

  it('names a network that throws', () => {
    expect(() => forward({ ...network, forward: fail })).toThrow(failed);
    expect(() => flowing(fail)).toThrow(failed);
  });

  it.each<[what: string, made: unknown, problem: string]>([
    ['nothing', undefined, 'built no network'],
    ['no forward()', { ...network, forward: undefined }, 'without forward()'],
    ['no parameters', { ...network, parameters: [] }, 'without parameters'],
    ['a name twice', { ...network, parameters: [weight, weight] }, 'two parameters named "w"'],
    ['no shape', { ...network, parameters: [{ ...weight, shape: [0] }] }, '"w" lacks a shape'],
    ...[
      null,
      {},
      { kind: 'orthogonal' },
      { kind: 'constant', value: NaN },
      { kind: 'normal', mean: 1 },
      { kind: 'uniform', low: 0 },
    ].map((initializer): [string, unknown, string] => [
      `the initialiser ${JSON.stringify(initializer)}`,
      initializedBy(initializer),
      'parameter "w" has no initializer, or one without its numbers',
    ]),
    ...[undefined, NaN, Infinity, 0, '1'].map((uses): [string, unknown, string] => [
      `the number of uses ${uses}`,
      { ...network, parameters: [{ ...weight, usesPerImage: uses }] },
      `parameter "w" has ${uses} for "usesPerImage", not a number above 0`,
    ]),
    [
      'other images',
      { ...network, input: { ...input, channels: 3 } },
      '2×2×3 where they are 2×2×1',
    ],
    ['other classes', { ...network, classes: 10 }, '10 classes where there are 3'],
  ])('names a model that builds %s', (_, made, problem) => {
    expect(() => guarded(made)).toThrow(
      expect.objectContaining({
        code: 'PLUGIN_FAILED',
        sentence: expect.stringContaining(problem),
      }),
    );
  });

  it.each([
    ['[5, 4]', logits(5, 4)],
    ['[5]', logits(5)],
    ['undefined', undefined],
  ])('names a network whose logits are %s', (shown, value) => {
    expect(() => forward({ ...network, forward: () => value })).toThrow(
      `Model "mine" of plugin "theirs" returned ${shown} from forward() where logits of [5, 3] are due.`,
    );
  });

  it.each<[shown: string, flow: unknown]>([
    ['undefined', undefined],
    ['a tensor', logits()],
    ['a vector', { value: logits(3), exponent: 0 }],
    ['a number', { value: 1, exponent: 0 }],
    ['without an exponent', { value: logits() }],
    ['of an infinite exponent', { value: logits(), exponent: Infinity }],
  ])('names a network whose synaptic flow is %s', (_, flow) => {
    expect(() => flowing(() => flow)).toThrow(
      'Model "mine" of plugin "theirs" returned from synapticFlow() no scalar tensor "value" with a finite number "exponent".',
    );
  });
});
