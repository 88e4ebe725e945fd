import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { type BackendDescriptor, defineBackend } from '../backend.ts';
import {
  type Dataset,
  type DatasetDescriptor,
  type ImageSource,
  defineDataset,
} from '../dataset.ts';
import { type ModelDescriptor, type Network, defineModel } from '../model.ts';
import { type Objective, type ObjectiveInput, defineObjective } from '../objective.ts';
import { type PrunerContext, type PrunerDescriptor, definePruner } from '../pruner.ts';
import { WinnowError, interrupted } from '../winnow-error.ts';
import { guardComponent } from './guard-component.ts';

const options = z.strictObject({});
const named = { name: 'mine', summary: '' };
const fail = () => {
  throw new TypeError('my own fault.');
};
const failed = (what: string) => ({
  code: 'PLUGIN_FAILED',
  message: expect.stringContaining(`${what} "mine" of plugin "theirs" failed: my own fault. `),
  cause: expect.any(TypeError),
});
/** As a plugin in JavaScript may hand it over. */
const untyped = <T>(value: unknown) => value as T;

describe('an objective', () => {
  const guarded = (evaluate: () => unknown) =>
    guardComponent(
      defineObjective({
        ...named,
        lossScale: 2,
        stationaryAtDense: true,
        evaluate: untyped<Objective['evaluate']>(evaluate),
      }),
      'theirs',
    ) as Objective;
  const evaluate = (work: () => unknown) => () =>
    guarded(work).evaluate(untyped<ObjectiveInput>({}));

  it('is as it was, and known to be its plugin’s', () => {
    const scalar = { shape: [], id: 1 };
    expect({ ...guarded(() => scalar) }).toMatchObject({
      ...named,
      lossScale: 2,
      plugin: 'theirs',
    });
    expect(evaluate(() => scalar)()).toBe(scalar);
  });

  it('is named when it throws, or returns no scalar', () => {
    expect(evaluate(fail)).toThrow(expect.objectContaining(failed('Objective')));
    for (const [value, shown] of [
      [{ shape: [2, 3] }, 'a tensor of shape [2, 3]'],
      [1, '1'],
      [undefined, 'undefined'],
      [null, 'null'],
    ] as const) {
      expect(evaluate(() => value)).toThrow(
        `Objective "mine" of plugin "theirs" returned ${shown}. Its evaluate() must`,
      );
    }
  });

  it('may throw errors of its own making, and is not blamed for the machine', () => {
    const own = new WinnowError('MINE', 'Mine.');
    // WebAssembly's, by its name.
    const memory = new (class RuntimeError extends Error {})('unreachable');
    for (const error of [own, interrupted(), memory]) {
      let caught: unknown;
      try {
        evaluate(() => {
          throw error;
        })();
      } catch (thrown) {
        caught = thrown;
      }
      expect(caught).toBe(error);
    }
  });

  it('may be an instance of a class with secrets, or frozen', () => {
    class Mine {
      readonly kind = 'objective';
      readonly name = 'mine';
      readonly #scale = 3;
      get lossScale() {
        return this.#scale;
      }
      evaluate() {
        return { shape: [], scale: this.#scale };
      }
    }
    const guarded = guardComponent(
      untyped<Objective>(Object.freeze(new Mine())),
      'theirs',
    ) as Objective;
    expect(guarded.lossScale).toBe(3);
    expect(guarded.evaluate(untyped<ObjectiveInput>({}))).toMatchObject({ scale: 3 });
  });
});

describe('a pruner', () => {
  const context = untyped<PrunerContext>({
    density: 0.5,
    network: {
      parameters: [
        { name: 'a', shape: [2, 2], prunable: true },
        { name: 'b', shape: [3], prunable: false },
        { name: 'c', shape: [2], prunable: true },
      ],
    },
  });
  const layers = (a: ArrayLike<number>, c: ArrayLike<number>, shape = [2, 2]) =>
    new Map([
      ['a', { shape, kept: Uint8Array.from(a) }],
      ['c', { shape: [2], kept: Uint8Array.from(c) }],
    ]);
  const good = layers([1, 0, 0, 1], [0, 1]);
  const find = (findTicket: () => unknown) =>
    (
      guardComponent(
        definePruner({
          ...named,
          options,
          findTicket: untyped<PrunerDescriptor['findTicket']>(findTicket),
        }),
        'theirs',
      ) as PrunerDescriptor
    ).findTicket(context, {});

  it('may return ⌊κd⌋ weights of the prunable parameters', async () => {
    const ticket = { layers: good, provenance: {} };
    expect(await find(() => Promise.resolve(ticket))).toBe(ticket);
  });

  it('is named when it throws', async () => {
    await expect(find(fail)).rejects.toMatchObject(failed('Method'));
    await expect(
      find(() => Promise.reject(new WinnowError('NAN_SCORE', 'The score is not a number.'))),
    ).rejects.toMatchObject({
      code: 'NAN_SCORE',
      message: 'Method "mine" of plugin "theirs": The score is not a number.',
    });
  });

  const nan = new Map([['a', { shape: [2, 2], data: Float32Array.of(1, NaN, 0, 0) }]]);
  it.each<[what: string, ticket: unknown, problem: string]>([
    ['nothing', undefined, 'returned no ticket'],
    ['something else', { layers: {} }, 'returned no ticket'],
    ['too few layers', { layers: new Map([...good].slice(0, 1)) }, 'returned no mask for "c"'],
    [
      'too many layers',
      { layers: new Map([...good, ['b', good.get('c')!]]) },
      'more than the prunable',
    ],
    [
      'another shape',
      { layers: layers([1, 0, 0, 1], [0, 1], [4]) },
      '"a" that has not its shape [2, 2]',
    ],
    ['too few values', { layers: layers([1, 1], [0, 1]) }, '"a" that has not its shape [2, 2]'],
    ['no mask', { layers: layers([1, 0, 2, 0], [0, 0]) }, '"a" that holds 2, not 0 or 1'],
    [
      'too many weights',
      { layers: layers([1, 1, 1, 1], [0, 0]) },
      'kept 4 of 6 weights where density 0.5 asks for 3',
    ],
    [
      'too few weights',
      { layers: layers([1, 1, 0, 0], [0, 0]) },
      'kept 2 of 6 weights where density 0.5 asks for 3',
    ],
    ['NaN scores', { layers: good, scores: nan }, 'returned scores that are not numbers for "a"'],
  ])('is named when it returns %s', async (_, ticket, problem) => {
    const whole = ticket && { provenance: {}, ...ticket };
    await expect(find(() => Promise.resolve(whole))).rejects.toMatchObject({
      code: 'BAD_TICKET',
      message: expect.stringContaining(problem),
    });
  });
});

describe('a model', () => {
  const input = { height: 2, width: 2, channels: 1 };
  const weight = {
    name: 'w',
    shape: [3, 4],
    prunable: true,
    initializer: { kind: 'constant', value: 0 },
  };
  const logits = (...shape: number[]) => ({ shape });
  const network = {
    name: 'mine',
    input,
    classes: 3,
    parameters: [weight],
    forward: () => logits(5, 3),
  };
  const build = (made: () => unknown) =>
    (
      guardComponent(
        defineModel({
          ...named,
          options,
          rewindEpochs: 1,
          build: untyped<ModelDescriptor['build']>(made),
        }),
        'theirs',
      ) as ModelDescriptor
    ).build(input, 3, {});
  const forward = (made: object) =>
    build(() => made).forward(
      {},
      untyped<Parameters<Network['forward']>[1]>({ shape: [5, 2, 2, 1] }),
    );

  it('may build a network, which is known to be its plugin’s', () => {
    expect(build(() => network)).toMatchObject({ name: 'mine', plugin: 'theirs' });
    expect(forward(network)).toEqual(logits(5, 3));
  });

  it('is named when it throws', () => {
    expect(() => build(fail)).toThrow(expect.objectContaining(failed('Model')));
    expect(() => forward({ ...network, forward: fail })).toThrow(
      expect.objectContaining(failed('Model')),
    );
    const flowing = build(() => ({ ...network, synapticFlow: fail }));
    expect(() => flowing.synapticFlow!({})).toThrow(expect.objectContaining(failed('Model')));
  });

  it.each<[what: string, made: unknown, problem: string]>([
    ['nothing', undefined, 'built no network'],
    ['no forward()', { ...network, forward: undefined }, 'without forward()'],
    ['no parameters', { ...network, parameters: [] }, 'without parameters'],
    ['a name twice', { ...network, parameters: [weight, weight] }, 'two parameters named "w"'],
    ['no shape', { ...network, parameters: [{ ...weight, shape: [0] }] }, '"w" lacks a shape'],
    [
      'no initialiser',
      { ...network, parameters: [{ ...weight, initializer: 1 }] },
      '"w" has no initializer',
    ],
    [
      'other images',
      { ...network, input: { ...input, channels: 3 } },
      '2×2×3 where they are 2×2×1',
    ],
    ['other classes', { ...network, classes: 10 }, '10 classes where there are 3'],
  ])('is named when it builds %s', (_, made, problem) => {
    expect(() => build(() => made)).toThrow(problem);
  });

  it.each([
    ['[5, 4]', logits(5, 4)],
    ['[5]', logits(5)],
    ['undefined', undefined],
  ])('is named when its logits are %s', (shown, value) => {
    expect(() => forward({ ...network, forward: () => value })).toThrow(
      `Model "mine" of plugin "theirs" returned ${shown} from forward() where logits of [5, 3] are due.`,
    );
  });
});

describe('a data set', () => {
  const block = { images: new Float32Array(8), labels: Int32Array.of(0, 1) };
  const source = (read: () => unknown = () => block): ImageSource => ({
    length: 2,
    labels: Int32Array.of(0, 1),
    read: () => Promise.resolve(untyped<typeof block>(read())),
  });
  const whole = {
    name: 'mine',
    input: { height: 2, width: 2, channels: 1 },
    classes: 2,
    ...{ train: source(), validation: source(), test: source() },
    checksum: '1',
    recipe: {
      learningRate: 1,
      epochs: 1,
      dropEpochs: [],
      warmupEpochs: 0,
      weightDecay: 0,
      batchSize: 2,
    },
  };
  const open = (opened: () => unknown) =>
    (
      guardComponent(
        defineDataset({
          ...named,
          options,
          open: () => Promise.resolve(untyped<Dataset>(opened())),
        }),
        'theirs',
      ) as DatasetDescriptor
    ).open({});
  const read = async (value: () => unknown) =>
    (await open(() => ({ ...whole, test: source(value) }))).test.read([0, 1]);

  it('may open and read', async () => {
    expect(await read(() => block)).toBe(block);
  });

  it('is named when it throws', async () => {
    await expect(open(fail)).rejects.toMatchObject(failed('Data set'));
    await expect(read(fail)).rejects.toMatchObject(failed('Data set'));
  });

  it.each<[problem: string, opened: unknown]>([
    ['opened no data set', undefined],
    ['lacks "input"', { ...whole, input: { height: 2, width: 2 } }],
    ['lacks "classes"', { ...whole, classes: 1.5 }],
    ['lacks "checksum"', { ...whole, checksum: '' }],
    ['lacks "recipe"', { ...whole, recipe: { ...whole.recipe, epochs: undefined } }],
    ['lacks "validation"', { ...whole, validation: undefined }],
    ['has 2 labels for 3 images in "test"', { ...whole, test: { ...source(), length: 3 } }],
    ['has in "train" label 1 at place 1 where there are 1 classes', { ...whole, classes: 1 }],
  ])('is named when it %s', async (problem, opened) => {
    await expect(open(() => opened)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(`Data set "mine" of plugin "theirs" ${problem}`),
    });
  });

  it.each<[problem: string, value: unknown]>([
    ['read 0 numbers and 0 labels for 2 images of "test", which have 8', undefined],
    ['read 7 numbers and 2 labels', { ...block, images: new Float32Array(7) }],
    ['read 8 numbers and 1 labels', { ...block, labels: Int32Array.of(0) }],
    ['read from "test" label -1 at place 0', { ...block, labels: Int32Array.of(-1, 0) }],
    ['read NaN or infinity from "test"', { ...block, images: new Float32Array(8).fill(NaN, 7) }],
    [
      'read NaN or infinity from "test"',
      { ...block, images: new Float32Array(8).fill(Infinity, 7) },
    ],
  ])('is named when it %s', async (problem, value) => {
    await expect(read(() => value)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(`Data set "mine" of plugin "theirs" ${problem}`),
    });
  });
});

it('names a backend that throws', async () => {
  const backend = defineBackend({
    ...named,
    priority: 1,
    start: () => Promise.reject(new TypeError('my own fault.')),
  });
  const guarded = guardComponent(backend, 'theirs') as BackendDescriptor;
  await expect(guarded.start()).rejects.toMatchObject(failed('Backend'));
});
