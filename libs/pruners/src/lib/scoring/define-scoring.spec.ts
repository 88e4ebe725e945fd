import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { arraySource } from '@winnow/data';
import { networkOf } from '@winnow/models';
import { kl } from '@winnow/objectives';
import {
  INTERRUPTED,
  type PrunerDescriptor,
  type ScoringInput,
  type WinnowError,
  interrupted,
} from '@winnow/plugin-api';
import { cpu, randomStreams } from '@winnow/tensor-backend';
import { MemoryCheckpoints } from '@winnow/training';
import * as z from 'zod';
import { findTicket } from '../find-ticket.ts';
import { grasp } from '../grasp.ts';
import { snip } from '../snip.ts';
import { saliency } from '../saliency.ts';
import type { TicketSearch } from '../ticket-search.ts';
import { scoreWeights } from '../score-weights.ts';
import { defineScoring } from './define-scoring.ts';

const shape = { height: 1, width: 2, channels: 1 };
const labels = Int32Array.of(0, 1, 0, 1, 0, 1);
const train = arraySource({
  pixels: Float32Array.from({ length: 12 }, (_, i) => i),
  labels,
  shape,
});
const recipe = {
  learningRate: 0.1,
  epochs: 1,
  dropEpochs: [],
  warmupEpochs: 0,
  weightDecay: 0,
  batchSize: 3,
};
const values = [1, -2, 3, -4];

function search(): TicketSearch {
  const parameters = { w: tf.tensor2d(values, [2, 2]) };
  const network = networkOf(
    ({ w }, images) => tf.matMul(tf.reshape(images, [-1, 2]), w),
    parameters,
    { input: shape, name: 'line' },
  );
  return { network, parameters, train, recipe, density: 0.5 };
}
const kept = ({ layers }: { layers: ReadonlyMap<string, { kept: Uint8Array }> }) => [
  ...layers.get('w')!.kept,
];

const inputs: ScoringInput[] = [];
const plain = defineScoring({
  name: 'plain',
  summary: 'the weights as they are, plus an offset for those below zero',
  options: z.strictObject({ offset: z.number().default(0) }),
  keep: ({ offset }) => (offset > 100 ? 'lowest' : 'largest'),
  notes: ({ offset }) => [`offset ${offset}`],
  score(input, { offset }) {
    inputs.push(input);
    return input.weights.map((w) => (w < 0 ? w + offset : w));
  },
});

describe(defineScoring, () => {
  beforeAll(() => cpu.start());

  it('keeps the largest scores, or the lowest, as its options say, and notes how', async () => {
    const found = await findTicket(plain, search());
    expect([kept(found), found.provenance.notes]).toEqual([[1, 0, 1, 0], ['offset 0']]);
    expect(found.scores!.get('w')!.data).toEqual(Float32Array.from(values));
    const offset = await findTicket(plain, { ...search(), options: { offset: 9 } });
    // 1, 7, 3, 5
    expect(kept(offset)).toEqual([0, 1, 0, 1]);
    const lowest = await findTicket(plain, { ...search(), options: { offset: 101 } });
    // 1, 99, 3, 97
    expect([kept(lowest), lowest.scores!.get('w')!.data[1]]).toEqual([[1, 0, 1, 0], -99]);
  });

  it('scores in rounds under what is left', async () => {
    inputs.length = 0;
    await findTicket(plain, { ...search(), density: 0.25, options: { iterations: 2 } });
    expect(inputs.map(({ round, mask }) => [round, mask && [...mask]])).toEqual([
      [0, undefined],
      // ⌊0.25^(1/2) · 4⌋ = 2 are left.
      [1, [1, 0, 1, 0]],
    ]);
  });

  it('has examples of every class where it needs them, in batches of the training', async () => {
    const labels: number[][] = [];
    const counting = defineScoring({
      name: 'counting',
      summary: '',
      needs: ['examples'],
      score({ batches, weights }) {
        labels.push(...batches.map((batch) => [...batch.labels.dataSync()]));
        return weights;
      },
    });
    const before = tf.memory().numTensors;
    const given = search();
    await findTicket(counting, { ...given, options: { examplesPerClass: 2 } });
    tf.dispose(Object.values(given.parameters));
    expect(tf.memory().numTensors).toBe(before);
    // Of at most three; a batch of one class has the statistics of that class.
    expect(labels).toEqual([
      [0, 1],
      [0, 1],
    ]);
    await expect(
      findTicket(counting, { ...search(), options: { examplesPerClass: 4 } }),
    ).rejects.toMatchObject({
      code: 'TOO_FEW_EXAMPLES',
      sentence: 'Class 0 has 3 training images, and 4 of each class are asked for.',
    });
  });

  it('stops within a round when told, and goes on from the last one that is over', async () => {
    const rounds: number[] = [];
    const controller = new AbortController();
    const slow = defineScoring({
      name: 'slow',
      summary: '',
      needs: ['examples'],
      async score({ weights, round, nextTurn }) {
        if (round === 1) controller.abort();
        await nextTurn();
        rounds.push(round);
        return weights;
      },
    });
    const given = { ...search(), density: 0.25, options: { iterations: 3, examplesPerClass: 2 } };
    const checkpoints = new MemoryCheckpoints();
    const { numTensors } = tf.memory();
    await expect(
      findTicket(slow, { ...given, checkpoints, signal: controller.signal }),
    ).rejects.toMatchObject({ code: INTERRUPTED });
    expect(tf.memory().numTensors).toBe(numTensors);
    // ⌊0.25^(2/3) · 4⌋ and then ⌊0.25 · 4⌋ are left.
    expect(kept(await findTicket(slow, { ...given, checkpoints }))).toEqual([0, 0, 1, 0]);
    expect(rounds).toEqual([0, 1, 2]);
  });

  it.each([
    ['snip', snip],
    ['grasp', grasp],
  ])('%s lets signals through between its batches', async (_, method) => {
    let turns = 0;
    const nextTurn = () => {
      if (++turns === 2) throw interrupted();
      return Promise.resolve();
    };
    const { network, parameters } = search();
    const batch = { images: tf.ones([2, 1, 2, 1]), labels: tf.tensor1d([0, 1], 'int32') };
    const weights = Float32Array.from(values);
    const round = { mask: undefined, heldOut: [], round: 0, random: randomStreams(1) };
    const input = { network, parameters, weights, batches: [batch, batch], ...round, nextTurn };
    await expect(method.scoring!({}).score(input as unknown as ScoringInput)).rejects.toMatchObject(
      { code: INTERRUPTED },
    );
    expect(turns).toBe(2);
  });

  it('passes over a class without images', async () => {
    const seen = new Set<number>();
    const looking = defineScoring({
      name: 'looking',
      summary: '',
      needs: ['examples'],
      score({ batches, weights }) {
        for (const batch of batches) for (const label of batch.labels.dataSync()) seen.add(label);
        return weights;
      },
    });
    const pixels = new Float32Array(12);
    const ofOne = arraySource({ pixels, labels: new Int32Array(6).fill(1), shape });
    await findTicket(looking, { ...search(), train: ofOne, options: { examplesPerClass: 2 } });
    expect([...seen]).toEqual([1]);
  });

  it('has no examples and no such option where it needs none', async () => {
    expect(inputs.every(({ batches }) => batches.length === 0)).toBe(true);
    await expect(
      findTicket(plain, { ...search(), options: { examplesPerClass: 4 } }),
    ).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('keeps what a schema says of several options, and the names that all have', async () => {
    const ranged = defineScoring({
      name: 'ranged',
      summary: '',
      options: z
        .strictObject({ low: z.number().default(0), high: z.number().default(1) })
        .refine(({ low, high }) => low < high, { message: 'low must be below high' }),
      score: ({ weights }) => weights,
    });
    await expect(findTicket(ranged, { ...search(), options: { low: 2 } })).rejects.toMatchObject({
      sentence: 'Bad options for method "ranged": low must be below high.',
    });
    expect(() =>
      defineScoring({
        name: 'taken',
        summary: '',
        options: z.strictObject({ scope: z.string() }),
        score: ({ weights }) => weights,
      }),
    ).toThrow('Method "taken" has an option "scope", as all that score have.');
  });

  it('hands out weights that a method may work in', async () => {
    const seen: number[][] = [];
    const squaring = defineScoring({
      name: 'squaring',
      summary: '',
      score({ weights }) {
        seen.push([...weights]);
        for (const [i, w] of weights.entries()) weights[i] = w * w;
        return weights;
      },
    });
    await findTicket(squaring, { ...search(), options: { iterations: 2 } });
    expect(seen).toEqual([values, values]);
  });

  it.each([
    [() => Float32Array.of(1), '1 scores'],
    [() => [1, 2, 3, 4] as unknown as Float32Array, 'no Float32Array'],
    [() => undefined as unknown as Float32Array, 'no Float32Array'],
  ])('gives every weight one score', async (score, shown) => {
    const wrong = defineScoring({ name: 'wrong', summary: '', score });
    await expect(findTicket(wrong, search())).rejects.toMatchObject({
      code: 'BAD_SCORES',
      sentence: `Method "wrong" gave ${shown} for 4 weights.`,
    });
  });

  it('gets the objective that it needs, and no other', async () => {
    const asked: string[] = [];
    const following = (needs: PrunerDescriptor['needs']) =>
      defineScoring({
        name: 'following',
        summary: '',
        needs,
        score({ objective, weights }) {
          asked.push(objective.name);
          return weights;
        },
      });
    const { provenance } = await findTicket(following(['objective']), {
      ...search(),
      objective: kl,
    });
    expect([asked, provenance.objective]).toEqual([['kl'], 'kl']);
    await expect(findTicket(following(['objective']), search())).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      sentence: 'Method "following" follows an objective, and none is given.',
    });
    await expect(findTicket(following([]), search())).rejects.toMatchObject({
      code: 'BAD_METHOD',
    });
  });
});

describe(scoreWeights, () => {
  it('gives the scores as they are and the ticket of the same rounds', async () => {
    const { network, parameters } = search();
    const batch = { images: tf.zeros<tf.Rank.R4>([1, 1, 2, 1]), labels: tf.tensor1d([0], 'int32') };
    const setting = { network, parameters, batch, density: 0.5, seed: 1 };
    const { scores, ticket } = await scoreWeights(plain, { ...setting, options: { offset: 101 } });
    expect([...scores]).toEqual([1, 99, 3, 97]);
    expect(kept(ticket)).toEqual([1, 0, 1, 0]);
    const rounds = { ...setting, density: 0.25, options: { iterations: 2 } };
    expect(kept((await scoreWeights(plain, rounds)).ticket)).toEqual([0, 0, 1, 0]);
  });

  it('refuses weights, images and labels that do not fit the network', async () => {
    const { network, parameters } = search();
    const images = tf.zeros<tf.Rank.R4>([2, 1, 2, 1]);
    const labels = tf.tensor1d([0, 1], 'int32');
    const setting = { network, parameters, batch: { images, labels }, density: 0.5, seed: 1 };
    const scored = (wrong: object) =>
      scoreWeights(plain, { ...setting, options: {}, ...wrong }).catch(
        ({ code, sentence }: WinnowError) => `${code}: ${sentence}`,
      );
    expect(await scored({ parameters: { w: tf.ones([4]) } })).toBe(
      'WEIGHTS_MISMATCH: The parameter "w" of line is [4] where [2, 2] is due.',
    );
    const one = { images, labels: tf.tensor1d([0], 'int32') };
    expect(await scored({ batch: one })).toBe(
      'BAD_DATA: The scored images are [2, 1, 2, 1] where line and the labels ask for [1, 1, 2, 1].',
    );
    const beyond = { images, labels: tf.tensor1d([0, 2], 'int32') };
    expect(await scored({ heldOut: beyond })).toBe(
      'BAD_DATA: The held-out images have the label 2, and line has 2 classes.',
    );
  });

  it('says that no objective is given to a method that follows one', async () => {
    const { network, parameters } = search();
    const batch = {
      images: tf.zeros<tf.Rank.R4>([2, 1, 2, 1]),
      labels: tf.tensor1d([0, 1], 'int32'),
    };
    const setting = { network, parameters, batch, density: 0.5, seed: 1, options: {} };
    await expect(scoreWeights(saliency, setting)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      sentence: 'Method "saliency" follows an objective, and none is given.',
    });
  });
});
