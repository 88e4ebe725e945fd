import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import type {
  FullTraining,
  Network,
  PrunerContext,
  SavedState,
  TrainedRound,
} from '@winnow/plugin-api';
import { cpu } from '@winnow/tensor-backend';
import { Budget, keptCount, ticketFromScores } from '@winnow/tickets';
import { scopedCheckpoints } from '@winnow/training';
import fc from 'fast-check';
import { ltr } from './ltr.ts';

const initializer = { kind: 'constant', value: 0 } as const;
const network = {
  name: 'one-layer',
  parameters: [
    { name: 'a', shape: [2, 4], prunable: true, initializer, usesPerImage: 1 },
    { name: 'bias', shape: [2], prunable: false, initializer, usesPerImage: 1 },
  ],
} as unknown as Network;
/** What training makes of the weights in each round, before the mask. */
const TRAINED = [
  [8, -7, 6, -5, 4, 3, 2, 1],
  [1, -2, 3, -4, 9, 9, 9, 9],
];

function contextFor(saved?: SavedState, density = 0.25, trained: readonly number[][] = TRAINED) {
  const rounds: TrainedRound[] = [];
  const budget = Budget.of(network, density);
  const provenance = { method: 'ltr', density, seed: 1, model: '', weightsHash: '' };
  const states: SavedState[] = [];
  const epochs: unknown[] = [];
  let trainings = saved ? (saved.values['round'] as number) : 0;
  const context = {
    network,
    density,
    seed: 1,
    weightsHash: '',
    keepLargest: (scores, keeping) => ticketFromScores(scores, budget, provenance, keeping),
    checkpoints: scopedCheckpoints({
      load: () => Promise.resolve(saved),
      due: () => false,
      save: (state: SavedState) => Promise.resolve(void states.push(state)),
    }),
    trainToEnd({ mask, epochs: asked }: FullTraining) {
      epochs.push(asked);
      const kept = mask!.get('a')!.kept;
      const weights = trained[trainings++]!.map((w, i) => (kept[i] ? w : 0));
      return Promise.resolve({ a: tf.tensor2d(weights, [2, 4]), bias: tf.tensor1d([99, 99]) });
    },
    validationAccuracy: () => Promise.resolve(0.5 + trainings / 10),
    keepRound: (round: TrainedRound) => Promise.resolve(void rounds.push(round)),
  } as Partial<PrunerContext> as PrunerContext;
  return { context, rounds, states, epochs };
}

const bits = ({ layers }: Pick<TrainedRound, 'layers'>) => [...layers.get('a')!.kept];

describe('ltr', () => {
  beforeAll(() => cpu.start());

  it('keeps the largest half of what is left in every round, and each round with its accuracy', async () => {
    const { context, rounds } = contextFor();
    const ticket = await ltr.findTicket(context, { rate: 0.5 });
    // Of the first four, which round 0 leaves, the last two are the largest in round 1; weights removed stay removed.
    expect(bits(ticket)).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
    expect(rounds.map((round) => [bits(round), round.validationAccuracy])).toEqual([
      [[1, 1, 1, 1, 1, 1, 1, 1], 0.6],
      [[1, 1, 1, 1, 0, 0, 0, 0], 0.7],
    ]);
    expect(rounds.map(({ density }) => density)).toEqual([1, 0.5]);
  });

  it('trains each round for as many epochs as it is told', async () => {
    const { context, epochs } = contextFor();
    await ltr.findTicket(context, { rate: 0.5, roundEpochs: 3 });
    expect(epochs).toEqual([3, 3]);
    const search = { density: 0.0073787, schedule: { epochs: 160 }, epochsLeft: 151 } as never;
    // 0.8^22 = 0.0073787.
    expect([{}, { roundEpochs: 2 }].map((given) => ltr.searchEpochs!(search, given))).toEqual([
      22 * 151,
      22 * 2,
    ]);
  });

  it.each([
    // 0.8^10 = 0.1073741824, 0.8^14 = 0.0439804651, 0.7^3 = 0.343.
    [0.8, 0.107374, 10],
    [0.8, 0.1073741824, 10],
    [0.8, 0.04398, 14],
    [0.7, 0.343, 3],
    [0.8, 0.107, 11],
    [0.8, 0.11, 10],
    [0.8, 0.99, 1],
  ])('at %d a round reaches %d in %d', (rate, density, rounds) => {
    const search = { density, schedule: { epochs: 160 }, epochsLeft: 1 } as never;
    expect(ltr.searchEpochs!(search, { rate })).toBe(rounds);
  });

  it('goes on after the last finished round', async () => {
    const first = contextFor();
    const whole = await ltr.findTicket(first.context, { rate: 0.5 });
    const second = contextFor(first.states[0]);
    expect(bits(await ltr.findTicket(second.context, { rate: 0.5 }))).toEqual(bits(whole));
    expect(second.rounds.map(({ round }) => round)).toEqual([1]);
  });

  it('leaves no tensors where it is stopped while a round is evaluated', async () => {
    const { context } = contextFor();
    const stopped = new Error('stopped');
    const before = tf.memory().numTensors;
    const search = ltr.findTicket(
      { ...context, validationAccuracy: () => Promise.reject(stopped) },
      { rate: 0.5 },
    );
    await expect(search).rejects.toBe(stopped);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('keeps exact counts, and each mask within the last, whatever training makes of the weights', async () => {
    const weights = fc.array(
      fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 8, maxLength: 8 }),
      {
        minLength: 20,
        maxLength: 20,
      },
    );
    await fc.assert(
      fc.asyncProperty(
        weights,
        fc.constantFrom(0.125, 0.25, 0.5, 0.75),
        fc.double({ min: 0.3, max: 0.9, noNaN: true }),
        async (trained, density, rate) => {
          const { context, rounds } = contextFor(undefined, density, trained);
          const last = await ltr.findTicket(context, { rate });
          const masks = [...rounds.map(bits), bits(last)];
          masks.slice(0, -1).forEach((mask, round) => {
            expect(mask.reduce((a, b) => a + b, 0)).toBe(keptCount(rate ** round, 8));
          });
          expect(masks.at(-1)!.reduce((a, b) => a + b, 0)).toBe(8 * density);
          masks.slice(1).forEach((mask, i) => {
            expect(mask.every((bit, at) => bit <= masks[i]![at]!)).toBe(true);
          });
        },
      ),
      { numRuns: 50 },
    );
  });
});
