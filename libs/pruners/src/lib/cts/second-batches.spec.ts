import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { arraySource } from '@winnow/data';
import { initialize, networkFrom } from '@winnow/models';
import { type Batch, INTERRUPTED, defineObjective } from '@winnow/plugin-api';
import { crossEntropy, randomStreams } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { MemoryCheckpoints } from '@winnow/training';
import { findTicket } from '../find-ticket.ts';
import type { TicketSearch } from '../ticket-search.ts';
import { cts } from './cts.ts';

const INPUT = { height: 2, width: 2, channels: 1 };
const STEPS = 8;

/** What an objective saw at a step: the number of each image of its three batches. */
interface Sight {
  readonly step: number;
  readonly own: number[];
  readonly heldOut: number[];
  readonly next: number[];
}
let sights: Sight[] = [];

const numbersOf = ({ images }: Batch) => [...images.dataSync()].filter((_, i) => i % 4 === 0);

const watching = defineObjective({
  name: 'watching',
  summary: 'the loss on three batches',
  needs: ['held-out-batch', 'next-batch'],
  lossScale: 1,
  stationaryAtDense: false,
  evaluate({ step, batch, sparse, heldOut, next }) {
    const [unseen, ahead] = [heldOut(), next()];
    sights.push({
      step,
      own: numbersOf(batch),
      heldOut: numbersOf(unseen.batch),
      next: numbersOf(ahead.batch),
    });
    const losses = [{ batch, sparse }, unseen, ahead].map((views) =>
      crossEntropy(views.sparse.logits(), views.batch.labels),
    );
    return { value: tf.addN(losses), terms: { heldOut: losses[1]! } };
  },
});

/** Images whose first pixel is their number. */
function numbered(first: number, count: number) {
  const pixels = randomStreams(first)('images').normals(4 * count, 0);
  for (let i = 0; i < count; i++) pixels[4 * i] = first + i;
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  return arraySource({ pixels, labels, shape: INPUT });
}

function search(): TicketSearch {
  const network = networkFrom(
    'line',
    (layers, images, classes) => layers.linear('fc', layers.flatten(images), { units: classes }),
    INPUT,
    2,
  );
  return {
    network,
    parameters: initialize(network, randomStreams(1)('initialisation')),
    train: numbered(0, 8),
    validation: numbered(100, 6),
    recipe: {
      learningRate: 0.1,
      epochs: 4,
      dropEpochs: [],
      warmupEpochs: 0,
      weightDecay: 0,
      batchSize: 4,
    },
    density: 0.5,
    objective: watching,
    options: { searchEpochs: 4 },
  };
}

describe('the second batches of a search', () => {
  beforeAll(() => backendsHere()[0]!.start());
  beforeEach(() => void (sights = []));

  it('are other validation images at every step, and the batch of the next step', async () => {
    await findTicket(cts, search());
    expect(sights.map(({ step }) => step)).toEqual([...Array(STEPS).keys()]);
    for (const [i, { own, heldOut, next }] of sights.entries()) {
      // Of six images the second batch gets two.
      expect([own, heldOut, next].map((numbers) => numbers.length)).toEqual([4, i % 2 ? 2 : 4, 4]);
      for (const number of own) expect(number).toBeLessThan(8);
      for (const number of heldOut) expect(number).toBeGreaterThanOrEqual(100);
      if (i > 0) expect(own).toEqual(sights[i - 1]!.next);
      if (i % 2)
        expect([...sights[i - 1]!.heldOut, ...heldOut].sort()).toEqual([
          100, 101, 102, 103, 104, 105,
        ]);
    }
    expect(sights[2]!.heldOut).not.toEqual(sights[0]!.heldOut);
  });

  it('are the same ones, and so is the ticket, wherever the search was stopped', async () => {
    const terms: number[] = [];
    const whole = await findTicket(cts, {
      ...search(),
      onProgress: ({ values }) => void terms.push(values['objective.heldOut']!),
    });
    const seen = sights;
    expect(new Set(terms).size).toBe(STEPS);
    for (let last = 1; last < STEPS; last++) {
      sights = [];
      const again: number[] = [];
      const checkpoints = new MemoryCheckpoints();
      const stop = new AbortController();
      const onProgress: TicketSearch['onProgress'] = ({ step, values }) => {
        again.push(values['objective.heldOut']!);
        if (step === last) stop.abort();
      };
      const common = { ...search(), checkpoints, onProgress };
      const stopped = findTicket(cts, { ...common, signal: stop.signal });
      await expect(stopped).rejects.toMatchObject({ code: INTERRUPTED });
      expect(sights).toHaveLength(last);
      expect(await findTicket(cts, common)).toEqual(whole);
      expect(sights).toEqual(seen);
      expect(again).toEqual(terms);
    }
  });
});
