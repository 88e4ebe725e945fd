import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { firstImages } from '@winnow/data';
import { digits } from '@winnow/datasets';
import models, { type Architecture, Packing, initialize, networkFrom } from '@winnow/models';
import { ComponentRegistry, INTERRUPTED } from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { MemoryCheckpoints } from './memory-checkpoints.ts';
import { trainingRecipe } from './recipe.ts';
import { trainUnder } from './train-under.ts';

async function problem() {
  const { train, input, classes, recipe } = await digits.open({});
  const lenet = new ComponentRegistry(models.components).get('model', 'lenet');
  const network = lenet.build(input, classes, {});
  return {
    network,
    parameters: initialize(network, randomStreams(1)('initialisation')),
    train: firstImages(train, 64),
    recipe: { ...recipe, epochs: 2, batchSize: 16 },
  };
}

type Setting = Awaited<ReturnType<typeof problem>>;

describe(trainUnder, () => {
  beforeAll(() => backendsHere().at(-1)!.start());

  it('trains the kept weights alone, and leaves the start point as it was', async () => {
    const setting = await problem();
    const { network, parameters } = setting;
    const packing = new Packing(network.parameters);
    const start = packing.pack(parameters);
    const layers = new Map(
      network.parameters
        .filter((p) => p.prunable)
        .map(({ name, shape }) => [
          name,
          { shape, kept: Uint8Array.from({ length: shape[0]! * shape[1]! }, (_, i) => i % 2) },
        ]),
    );
    const before = tf.memory().numTensors;
    const trained = await trainUnder({ layers }, setting);
    expect(tf.memory().numTensors).toBe(before + network.parameters.length);
    expect(packing.pack(parameters)).toEqual(start);
    for (const [name, { kept }] of layers) {
      const [weights, old] = [trained[name]!.dataSync(), parameters[name]!.dataSync()];
      for (const [i, bit] of kept.entries())
        if (bit === 0 ? weights[i] !== 0 : weights[i] === old[i])
          throw new Error(`${name} at ${i}`);
    }
    for (const { name } of network.parameters.filter((p) => !p.prunable))
      expect(trained[name]!.dataSync()).not.toEqual(parameters[name]!.dataSync());
  });

  it('takes parameters that an interface lists', async () => {
    interface Listed {
      readonly 'fc1.weight': tf.Tensor;
      readonly 'fc1.bias': tf.Tensor;
    }
    const { train, recipe } = await problem();
    const architecture: Architecture = (layers, images, classes) =>
      layers.linear('fc1', layers.flatten(images), { units: classes });
    const network = networkFrom(
      'one-layer',
      architecture,
      { height: 8, width: 8, channels: 1 },
      10,
    );
    const parameters: Listed = { 'fc1.weight': tf.zeros([10, 64]), 'fc1.bias': tf.zeros([10]) };
    // The types are what this is about: an interface has no index signature.
    const trained = await trainUnder(undefined, { network, parameters, train, recipe });
    expect(Object.keys(trained)).toEqual(['fc1.weight', 'fc1.bias']);
    // @ts-expect-error The types are to refuse a number in the place of a tensor.
    const wrong = trainUnder(undefined, { network, parameters: { a: 1 }, train, recipe });
    await expect(wrong).rejects.toMatchObject({ code: 'WEIGHTS_MISMATCH' });
  });

  it('refuses the ticket of another network', async () => {
    const layers = new Map([['other.weight', { shape: [1, 2], kept: Uint8Array.of(0, 1) }]]);
    await expect(trainUnder({ layers }, await problem())).rejects.toMatchObject({
      code: 'TICKET_MISMATCH',
    });
  });

  it.each<[problem: string, code: string, wrong: (setting: Setting) => object]>([
    [
      'no batch size',
      'INVALID_OPTION',
      ({ recipe }) => ({ recipe: { ...recipe, batchSize: NaN } }),
    ],
    ['no recipe', 'INVALID_OPTION', () => ({ recipe: undefined })],
    ['no network', 'INVALID_OPTION', () => ({ network: undefined })],
    [
      'a learning rate of NaN',
      'INVALID_OPTION',
      ({ recipe }) => ({ recipe: { ...recipe, learningRate: NaN } }),
    ],
    ...(
      [
        ['a norm below 0 to clip at', { clipNorm: -1 }],
        ['the name of no recipe', { name: 'Authors' }],
        ['a decay that there is not', { decay: 'cosine' }],
        ['a drop at no epoch', { dropEpochs: [undefined] }],
        ['a drop at NaN', { dropEpochs: [1, NaN] }],
        ['a momentum below 0', { momentum: -0.9 }],
        ['a momentum of 1', { momentum: 1 }],
      ] as const
    ).map(
      ([problem, wrong]) =>
        [
          problem,
          'INVALID_OPTION',
          ({ recipe }: Setting) => ({ recipe: { ...recipe, ...wrong } }),
        ] as [string, string, (setting: Setting) => object],
    ),
    ['null for its signal', 'INVALID_OPTION', () => ({ signal: null })],
    ['a start beyond its epochs', 'INVALID_OPTION', () => ({ fromEpoch: 3 })],
    ['a start within an epoch', 'INVALID_OPTION', () => ({ fromEpoch: 0.5 })],
    ['a seed of NaN', 'INVALID_OPTION', () => ({ seed: NaN })],
    ['a seed below 0', 'INVALID_OPTION', () => ({ seed: -1 })],
    [
      'images without labels',
      'BAD_DATA',
      ({ train }) => ({ train: { ...train, labels: undefined } }),
    ],
    ['a controller for its signal', 'INVALID_OPTION', () => ({ signal: new AbortController() })],
    [
      'a parameter of another shape',
      'WEIGHTS_MISMATCH',
      ({ parameters }) => ({
        parameters: { ...parameters, 'fc1.weight': tf.ones([64 * 300]) },
      }),
    ],
    ['a parameter too few', 'WEIGHTS_MISMATCH', () => ({ parameters: {} })],
    [
      'labels beyond its classes',
      'BAD_DATA',
      ({ train }) => ({
        train: {
          ...train,
          labels: train.labels.map((label) => label + 1),
          read: () => train.read([0]),
        },
      }),
    ],
  ])('refuses %s', async (_, code, wrong) => {
    const setting = await problem();
    await expect(trainUnder(undefined, { ...setting, ...wrong(setting) })).rejects.toMatchObject({
      code,
    });
  });

  it('names the wrong field of a recipe, and what it may be', async () => {
    const setting = await problem();
    const recipe = { ...setting.recipe, dropEpochs: [1, NaN] };
    await expect(trainUnder(undefined, { ...setting, recipe })).rejects.toThrow(
      'The recipe has dropEpochs [1, NaN]. Give a list of numbers;',
    );
  });

  it('refuses a mask that does not fill its layer', async () => {
    const setting = await problem();
    const layers = new Map(
      setting.network.parameters
        .filter((p) => p.prunable)
        .map(({ name, shape }) => [name, { shape, kept: new Uint8Array(3) }]),
    );
    await expect(trainUnder({ layers }, setting)).rejects.toMatchObject({
      code: 'TICKET_MISMATCH',
    });
  });

  it('says that nothing is saved where nobody has the state', async () => {
    const signal = AbortSignal.abort();
    await expect(trainUnder(undefined, { ...(await problem()), signal })).rejects.toMatchObject({
      code: INTERRUPTED,
      sentence: 'Interrupted; nothing is saved.',
    });
  });

  it('does not go on with the state of other work', async () => {
    const setting = await problem();
    const checkpoints = new MemoryCheckpoints();
    const stopped = { ...setting, checkpoints, signal: AbortSignal.abort() };
    await expect(trainUnder(undefined, stopped)).rejects.toMatchObject({ code: INTERRUPTED });
    const other = initialize(setting.network, randomStreams(2)('initialisation'));
    for (const change of [
      { seed: 2 },
      { parameters: other },
      { recipe: { ...setting.recipe, learningRate: 0.01 } },
      { train: firstImages(setting.train, 32) },
    ]) {
      await expect(
        trainUnder(undefined, { ...setting, checkpoints, ...change }),
      ).rejects.toMatchObject({ code: 'CHECKPOINT_MISMATCH' });
    }
  });

  it('goes on after an interruption to the same bits', async () => {
    const setting = await problem();
    const packing = new Packing(setting.network.parameters);
    const whole = packing.pack(await trainUnder(undefined, setting));
    const controller = new AbortController();
    const checkpoints = new MemoryCheckpoints();
    const steps: number[] = [];
    const onProgress = ({ step }: { step: number }) => {
      steps.push(step);
      if (step === 3) controller.abort();
    };
    const { signal } = controller;
    await expect(
      trainUnder(undefined, { ...setting, checkpoints, signal, onProgress }),
    ).rejects.toMatchObject({ code: INTERRUPTED });
    const resumed = await trainUnder(undefined, { ...setting, checkpoints, onProgress });
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(packing.pack(resumed)).toEqual(whole);
  });
});

describe(trainingRecipe, () => {
  it('fills in what the command line has, and no more', async () => {
    const { recipe } = await digits.open({});
    expect(trainingRecipe({ ...recipe, clipNorm: 1 })).toEqual({
      ...recipe,
      name: 'standard',
      momentum: 0.9,
      clipNorm: 1,
    });
  });

  it('takes undefined for left out', async () => {
    const { recipe } = await digits.open({});
    const given = { momentum: undefined, clipNorm: undefined, name: undefined };
    expect(trainingRecipe({ ...recipe, ...(given as object) })).toMatchObject({
      ...{ momentum: 0.9, clipNorm: 2, name: 'standard' },
    });
  });
});
