import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { arraySource } from '@winnow/data';
import { Packing, initialize, networkFrom, networkOf } from '@winnow/models';
import {
  INTERRUPTED,
  type ImageSource,
  type Network,
  type PrunerDescriptor,
  defineObjective,
  definePruner,
} from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { Ticket, keptCount } from '@winnow/tickets';
import { MemoryCheckpoints } from '@winnow/training';
import * as z from 'zod';
import { findTicket } from './find-ticket.ts';
import type { TicketSearch } from './ticket-search.ts';
import plugin from './plugin.ts';
import { cts } from './cts/cts.ts';
import { ltr } from './ltr.ts';
import { magnitude } from './magnitude.ts';
import { saliency } from './saliency.ts';
import { snip } from './snip.ts';
import { synflow } from './synflow.ts';

const INPUT = { height: 4, width: 4, channels: 1 };
const SIZE = 16 * 12 + 12 * 3;

const vocabulary = networkFrom(
  'vocabulary',
  (layers, images, classes) => {
    const hidden = layers.relu(layers.linear('fc1', layers.flatten(images), { units: 12 }));
    return layers.linear('fc2', hidden, { units: classes });
  },
  INPUT,
  3,
);

/** The same network as a function, which captures nothing. */
function ownNetwork(): Network {
  return networkOf(
    ({ first, second, bias }, images) => {
      const flat = tf.reshape(images, [images.shape[0], 16]);
      const hidden = tf.relu(tf.add(tf.matMul(flat, first as tf.Tensor2D), bias));
      return tf.matMul(hidden, second);
    },
    {
      first: tf.randomNormal([16, 12], 0, 0.3, 'float32', 1),
      bias: tf.zeros([12]),
      second: tf.randomNormal([12, 3], 0, 0.3, 'float32', 2),
    },
    { input: INPUT, name: 'own' },
  );
}

function searchOn(network: Network): TicketSearch {
  const labels = Int32Array.from({ length: 48 }, (_, i) => i % 3);
  const pixels = randomStreams(1)('images').normals(48 * 16, 0);
  labels.forEach((label, i) => (pixels[16 * i + label]! += 3));
  return {
    network,
    parameters: initialize(network, randomStreams(1)('initialisation')),
    train: arraySource({ pixels, labels, shape: INPUT }),
    recipe: {
      learningRate: 0.1,
      epochs: 2,
      dropEpochs: [1],
      warmupEpochs: 0,
      weightDecay: 0,
      batchSize: 16,
    },
    density: 0.2,
  };
}

// `given` finds nothing: it takes one ticket.
const pruners = (plugin.components as PrunerDescriptor[]).filter(({ name }) => name !== 'given');
const bits = ({ layers }: { layers: ReadonlyMap<string, { kept: Uint8Array }> }) =>
  [...layers.values()].flatMap(({ kept }) => [...kept]);

describe(findTicket, () => {
  beforeAll(() => backendsHere().at(-1)!.start());

  it.each(pruners)('works for $name, in the vocabulary and as a function', async (pruner) => {
    const networks = pruner === synflow ? [vocabulary] : [vocabulary, ownNetwork()];
    for (const network of networks) {
      const ticket = await findTicket(pruner, searchOn(network));
      expect([ticket.size, ticket.kept]).toEqual([SIZE, keptCount(0.2, SIZE)]);
      expect(ticket.provenance).toMatchObject({
        method: pruner.name,
        seed: 1,
        model: network.name,
      });
      expect(bits(await findTicket(pruner, searchOn(network)))).toEqual(bits(ticket));
    }
  });

  it('takes parameters that an interface lists', async () => {
    interface Listed {
      readonly first: tf.Tensor;
      readonly bias: tf.Tensor;
      readonly second: tf.Tensor;
    }
    const { parameters, ...search } = searchOn(ownNetwork());
    const { first, bias, second } = parameters;
    const listed: Listed = { first: first!, bias: bias!, second: second! };
    // The types are what this is about: an interface has no index signature.
    const ticket = await findTicket(magnitude, { ...search, parameters: listed });
    expect(bits(ticket)).toEqual(bits(await findTicket(magnitude, { ...search, parameters })));
  });

  it('says what a function cannot give', async () => {
    const search = searchOn(ownNetwork());
    await expect(findTicket(synflow, search)).rejects.toMatchObject({ code: 'UNSUPPORTED_MODEL' });
    const feature = findTicket(cts, { ...search, objective: 'feature' });
    await expect(feature).rejects.toMatchObject({
      code: 'UNSUPPORTED_MODEL',
      sentence: 'Objective "feature" needs activations, which own does not offer.',
    });
  });

  it('refuses the name of a method in place of it', async () => {
    const find = findTicket('cts' as unknown as typeof cts, searchOn(vocabulary));
    await expect(find).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('does not go on with the state of another search', async () => {
    const checkpoints = new MemoryCheckpoints();
    const search = { ...searchOn(vocabulary), checkpoints };
    const stopped = findTicket(cts, { ...search, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' });
    for (const change of [{ density: 0.3 }, { objective: 'loss' }, { seed: 2 }]) {
      await expect(findTicket(cts, { ...search, ...change })).rejects.toMatchObject({
        code: 'CHECKPOINT_MISMATCH',
      });
    }
    const { provenance } = await findTicket(cts, search);
    expect(provenance.method).toBe('cts');
  });

  it('tells searches apart by all that decides the ticket', async () => {
    const checkpoints = new MemoryCheckpoints();
    const layerDensities = { 'fc1.weight': 0.15, 'fc1*': 0.1 };
    const search = { ...searchOn(vocabulary), layerDensities, checkpoints };
    const signal = AbortSignal.abort();
    await expect(findTicket(cts, { ...search, signal })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    const labels = search.train.labels.map((label) => (label + 1) % 3);
    for (const change of [
      // The same, in another order: the later one counts.
      { layerDensities: { 'fc1*': 0.1, 'fc1.weight': 0.15 } },
      { train: { ...search.train, labels } },
      { validation: { ...search.train, labels } },
    ]) {
      await expect(findTicket(cts, { ...search, ...change })).rejects.toMatchObject({
        code: 'CHECKPOINT_MISMATCH',
      });
    }
    const { provenance } = await findTicket(cts, search);
    expect(provenance).toMatchObject({ objective: 'kl', layerDensities });
  });

  it('refuses a ticket that keeps to no density of a layer', async () => {
    const careless = definePruner({
      name: 'careless',
      summary: 'keeps the largest, whatever was chosen for layers',
      options: z.strictObject({}),
      async findTicket({ network, parameters, density, seed, weightsHash }) {
        const prunable = Packing.prunable(network);
        const sizes = prunable.pack(parameters).map(Math.abs);
        const provenance = { method: 'careless', density, seed, model: network.name, weightsHash };
        return Promise.resolve(Ticket.keepLargest(prunable.views(sizes), density, provenance));
      },
    });
    const search = { ...searchOn(vocabulary), layerDensities: { 'fc2*': 1 } };
    await expect(findTicket(careless, search)).rejects.toMatchObject({
      code: 'BAD_TICKET',
      sentence: expect.stringMatching(
        /^Method "careless" kept \d+ weights of "fc2.weight" where 36 were chosen for it\.$/,
      ),
    });
  });

  it('takes objectives of your own, and lists those it knows', async () => {
    let asked = 0;
    const mine = defineObjective({
      name: 'mine',
      summary: 'the mean square of the logits',
      lossScale: 1,
      stationaryAtDense: false,
      evaluate({ sparse }) {
        asked++;
        return tf.mean(tf.square(sparse.logits()));
      },
    });
    const search = { ...searchOn(vocabulary), objectives: [mine] };
    const { provenance } = await findTicket(saliency, { ...search, objective: 'mine' });
    expect(provenance.objective).toBe('mine');
    expect(asked).toBeGreaterThan(0);
    const unknown = findTicket(cts, { ...search, objective: 'minne' });
    await expect(unknown).rejects.toThrow('Did you mean "mine"? Known: mine, ');
    const misspelt = findTicket(cts, { ...search, options: { objektive: 'mine' } });
    await expect(misspelt).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('tells of rounds, judged on validation images', async () => {
    const search = searchOn(vocabulary);
    const labels = new Int32Array(10).fill(2);
    const validation = arraySource({ pixels: new Float32Array(160), labels, shape: INPUT });
    const kept: number[] = [];
    const accuracies = new Set<number>();
    await findTicket(ltr, {
      ...search,
      validation,
      options: { rate: 0.5 },
      onRound({ ticket, validationAccuracy }) {
        kept.push(bits(ticket).reduce((a, b) => a + b));
        accuracies.add(validationAccuracy);
      },
    });
    expect(kept).toEqual([SIZE, SIZE / 2, SIZE / 4]);
    // All images are alike, so all are right or none.
    for (const accuracy of accuracies) expect([0, 1]).toContain(accuracy);
  });

  it('stops when told, and goes on to the same ticket', async () => {
    const search = searchOn(vocabulary);
    const options = { searchEpochs: 2 };
    const whole = await findTicket(cts, { ...search, options });
    const checkpoints = new MemoryCheckpoints();
    const controller = new AbortController();
    const { signal } = controller;
    const onProgress = ({ step }: { step: number }) => void (step === 4 && controller.abort());
    await expect(
      findTicket(cts, { ...search, options, checkpoints, signal, onProgress }),
    ).rejects.toMatchObject({ code: INTERRUPTED });
    const steps: number[] = [];
    const resumed = await findTicket(cts, {
      ...search,
      options,
      checkpoints,
      onProgress: ({ step }) => void steps.push(step),
    });
    expect(steps).toEqual([5, 6]);
    expect(bits(resumed)).toEqual(bits(whole));
  });

  it('trains nothing again where it was stopped while a round was judged', async () => {
    const search = { ...searchOn(vocabulary), options: { rate: 0.5 } };
    const whole = await findTicket(ltr, search);
    const checkpoints = new MemoryCheckpoints();
    const controller = new AbortController();
    const { signal } = controller;
    const validation: ImageSource = {
      ...search.train,
      read(indices) {
        controller.abort();
        return search.train.read(indices);
      },
    };
    await expect(
      findTicket(ltr, { ...search, validation, checkpoints, signal }),
    ).rejects.toMatchObject({ code: INTERRUPTED });
    const steps: number[] = [];
    const resumed = await findTicket(ltr, {
      ...search,
      validation: search.train,
      checkpoints,
      onProgress: ({ step }) => void steps.push(step),
    });
    // Three rounds of 6 steps, of which the first was trained.
    expect(steps).toEqual(Array.from({ length: 12 }, (_, i) => 7 + i));
    expect(bits(resumed)).toEqual(bits(whole));
  });

  it('refuses a ticket of another size', async () => {
    const greedy = definePruner({
      name: 'greedy',
      summary: 'keeps everything',
      options: z.strictObject({}),
      findTicket: ({ network, density, seed, weightsHash }) =>
        Promise.resolve({
          layers: new Map(
            network.parameters
              .filter((p) => p.prunable)
              .map(({ name, shape }) => [
                name,
                { shape, kept: new Uint8Array(shape[0]! * shape[1]!).fill(1) },
              ]),
          ),
          provenance: { method: 'greedy', density, seed, model: network.name, weightsHash },
        }),
    });
    await expect(findTicket(greedy, searchOn(vocabulary))).rejects.toThrow(
      'Method "greedy" kept 228 of 228 weights where density 0.2 asks for 45.',
    );
  });

  it.each([2, 0, -1, NaN])('refuses density %d', async (density) => {
    await expect(findTicket(cts, { ...searchOn(vocabulary), density })).rejects.toMatchObject({
      code: 'BAD_DENSITY',
    });
  });

  it('says that a method returned nothing', async () => {
    const idle: PrunerDescriptor = {
      ...saliency,
      name: 'idle',
      findTicket: () => Promise.resolve(undefined as never),
    };
    await expect(findTicket(idle, searchOn(vocabulary))).rejects.toMatchObject({
      code: 'BAD_TICKET',
      sentence: 'Method "idle" returned no ticket.',
    });
  });

  it.each([snip, saliency])('$name ranks no weights that all score 0', async (method) => {
    const search = searchOn(vocabulary);
    const parameters = Object.fromEntries(
      Object.entries(search.parameters).map(([name, values]) => [name, tf.zerosLike(values)]),
    );
    await expect(findTicket(method, { ...search, parameters })).rejects.toMatchObject({
      code: 'NO_GRADIENT',
      sentence: expect.stringMatching(/^Every weight scores 0 by objective "[a-z-]+"\.$/),
    });
  });

  it('refuses validation images of classes that the network has not', async () => {
    const search = searchOn(vocabulary);
    const labels = search.train.labels.map((label) => label + 1);
    const validation = { ...search.train, labels };
    await expect(findTicket(ltr, { ...search, validation })).rejects.toMatchObject({
      code: 'BAD_DATA',
      sentence: 'The validation images have the label 3, and vocabulary has 3 classes.',
    });
  });

  it('scores by no objective whose value is not finite, though its gradient is', async () => {
    const rootless = defineObjective({
      name: 'rootless',
      summary: 'the logarithm of −1, plus the mean of the logits',
      lossScale: 1,
      stationaryAtDense: false,
      evaluate: ({ sparse }) => tf.add(tf.mean(sparse.logits()), tf.log(-1)),
    });
    const search = searchOn(vocabulary);
    await expect(findTicket(saliency, { ...search, objective: rootless })).rejects.toMatchObject({
      code: 'NAN_SCORE',
    });
  });
});
