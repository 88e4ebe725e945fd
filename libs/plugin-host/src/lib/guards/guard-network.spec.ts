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
    ['a hole among its parameters', { ...network, parameters: [null] }, 'or one without a name'],
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

  it('takes a graph of its own parameters, in order', () => {
    const units = { units: 4 };
    const graph = {
      layers: [
        { op: 'flatten', x: 0, order: 'channels-first', shape: units },
        {
          op: 'normalize',
          x: 1,
          name: 'n',
          epsilon: 1e-5,
          scale: false,
          shift: false,
          residual: 1,
        },
        { op: 'concat', x: 1, others: [0, 2] },
        { op: 'add', x: 2, y: 3 },
      ].map((layer) => ({ ...layer, shape: units })),
      logits: 4,
      activations: [{ name: 'n', value: 2 }],
    };
    expect(guarded({ ...network, graph }).graph).toBe(graph);
  });

  const shape = { units: 3 };
  const linear = { op: 'linear', name: 'fc', bias: true, x: 0, shape };
  const relu = { op: 'relu', x: 0, shape };
  it.each<[what: string, graph: unknown, problem: string]>([
    ['nothing', null, 'has no layers'],
    ['no layers', { logits: 0 }, 'has no layers'],
    [
      'a name that no parameter has',
      { layers: [linear], logits: 1 },
      'has a layer 1 that reads "fc.weight", which is none of the network\'s parameters',
    ],
    [
      'a normalisation without its shift',
      { layers: [{ op: 'normalize', name: 'n', scale: false, x: 0, shape }], logits: 1 },
      'has a layer 1 that reads "n.bias", which is none of the network\'s parameters',
    ],
    [
      'a value that is computed later',
      { layers: [relu, { ...relu, x: 2 }], logits: 2 },
      'has a layer 2 that reads the value 2, which is not computed before it',
    ],
    [
      'a sum of one',
      { layers: [{ ...relu, op: 'add' }], logits: 1 },
      'has a layer 1 that reads the value undefined, which is not computed before it',
    ],
    [
      'an op that there is none of',
      { layers: [relu, { ...relu, op: 'mystery' }], logits: 2 },
      'has a layer 2 that is of the op "mystery", which there is none of',
    ],
    ['no op', { layers: [null], logits: 1 }, 'has a layer 1 that is of the op "undefined"'],
    ['no shape', { layers: [{ op: 'relu', x: 0 }], logits: 1 }, 'has a layer 1 that has no shape'],
    [
      'logits beyond its layers',
      { layers: [relu], logits: 7 },
      'puts out the value 7, which none of its 1 layers computes',
    ],
    ['no logits', { layers: [relu] }, 'puts out the value undefined'],
    [
      'activations that are not computed',
      { layers: [relu], logits: 1, activations: [{ name: 'a', value: 2 }] },
      'puts out the value 2, which none of its 1 layers computes',
    ],
  ])('names a model whose graph has %s', (_, graph, problem) => {
    expect(() => guarded({ ...network, graph })).toThrow(
      expect.objectContaining({
        code: 'PLUGIN_FAILED',
        sentence: expect.stringContaining(
          `Model "mine" of plugin "theirs" built a network whose graph ${problem}`,
        ),
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
