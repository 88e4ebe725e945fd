import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { networkOf } from '@winnow/models';
import { kl } from '@winnow/objectives';
import type { Network } from '@winnow/plugin-api';
import { cpu, randomStreams } from '@winnow/tensor-backend';
import { Ticket } from '@winnow/tickets';
import { randomMask } from './bench-mask.ts';
import { type BenchMode, benchStep } from './bench-step.ts';

const SHAPES = { first: [4, 3], second: [3, 2] } as const;
/** The weights that the last forward pass used. */
let used: Record<string, number[]> = {};
await cpu.start();
const network = networkOf(
  ({ first, second }, images) => {
    used = { first: [...first.dataSync()], second: [...second.dataSync()] };
    return tf.matMul(tf.matMul(tf.reshape(images, [-1, 4]), first), second);
  },
  {
    first: { shape: SHAPES.first, initializer: { kind: 'normal', std: 1 } },
    second: { shape: SHAPES.second, initializer: { kind: 'normal', std: 1 } },
  },
  { input: { height: 2, width: 2, channels: 1 } },
);
const kept = Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1);
/** Of a run that left out `second`. */
const ticketWith = (name: string, shape: readonly number[]) =>
  new Ticket({
    layers: new Map([[name, { shape, kept }]]),
    provenance: {
      ...{ method: 'magnitude', density: 0.25, seed: 1, model: network.name, weightsHash: '' },
      leftOut: ['second'],
    },
  });

const step = (mode: BenchMode, ticket?: Ticket) =>
  benchStep(mode, {
    ...{ network, batch: 2, density: 0.5, random: randomStreams(3), objective: kl },
    ...(ticket ? { ticket } : {}),
  });

describe(benchStep, () => {
  it.each(['masked', 'forward'] as const)(
    "holds what a ticket prunes at 0 in %s, and keeps what the ticket's run left out",
    (mode) => {
      const run = step(mode, ticketWith('first', SHAPES.first));
      run(0);
      run(1);
      expect(used['first']!.map((weight) => Number(weight !== 0))).toEqual([...kept]);
      expect(used['second']!.every((weight) => weight !== 0)).toBe(true);
    },
  );

  it.each([
    ['lacks a layer', ticketWith('other', SHAPES.first)],
    ['has a layer of another shape', ticketWith('first', [3, 4])],
  ])('refuses a ticket that %s', (_, ticket) => {
    for (const mode of ['masked', 'forward'] as const)
      expect(() => step(mode, ticket)).toThrow(
        expect.objectContaining({ code: 'TICKET_MISMATCH' }),
      );
  });
});

describe(randomMask, () => {
  it('has the density asked for, and prunes only what is to be pruned', () => {
    const parameters = [
      { name: 'wide', shape: [100, 100], prunable: true },
      { name: 'whole', shape: [50], prunable: false },
    ];
    const mask = randomMask({ parameters } as unknown as Network, 0.2, randomStreams(1));
    const share = mask.subarray(0, 10_000).reduce((sum, bit) => sum + bit, 0) / 10_000;
    expect(share).toBeCloseTo(0.2, 1);
    expect([...mask.subarray(10_000)]).toEqual(new Array(50).fill(1));
  });
});
