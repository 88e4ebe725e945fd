import { expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import type { GraphLayer } from '@winnow/plugin-api';
import { hashed } from '@winnow/golden';
import { backendsHere } from '../backends/backends-here.ts';
import { native } from '../backends/native.ts';
import { valueAndGradient } from '../value-and-gradient.ts';
import { compileProgram } from './program.ts';

const STAGES = 30;
const CHANNELS = 8;
const pixel = { height: 1, width: 1, channels: CHANNELS };
const names = Array.from({ length: STAGES }, (_, i) => `conv${i}`);
const pointwise = {
  kernel: [1, 1] as const,
  stride: 1,
  padding: { top: 0, bottom: 0, left: 0, right: 0 },
};
const layers = names.flatMap((name, i): GraphLayer[] => [
  { op: 'conv', x: 2 * i, name, channels: CHANNELS, bias: false, ...pointwise, shape: pixel },
  { op: 'normalize', x: 2 * i + 1, name: `${name}.bn`, epsilon: 1e-5, relu: true, shape: pixel },
]);
const parameters = names.flatMap((name) => [
  { name: `${name}.weight`, shape: [CHANNELS, CHANNELS, 1, 1] },
  { name: `${name}.bn.weight`, shape: [CHANNELS] },
  { name: `${name}.bn.bias`, shape: [CHANNELS] },
]);

(backendsHere().includes(native) ? it : it.skip)(
  'a program is finite where its batch is, though what fills the last block might overflow',
  async () => {
    await native.start();
    const values = hashed(STAGES * CHANNELS * (CHANNELS + 2), 5, -0.6, 0.8);
    const gradient = tf.tidy(() => {
      const program = compileProgram({
        input: pixel,
        graph: {
          layers: [
            ...layers,
            { op: 'global-average-pool', x: 2 * STAGES, shape: { units: CHANNELS } },
          ],
          logits: 2 * STAGES + 1,
        },
        parameters,
        kept: new Uint8Array(values.length).fill(1),
        batch: 1,
        differentiable: true,
      })!;
      const ofSum = valueAndGradient(
        (x) => tf.sum(program.forward(x, tf.ones([1, 1, 1, CHANNELS]))),
        tf.tensor1d(values),
      ).gradient;
      program.dispose();
      return [...ofSum.dataSync()];
    });
    // The variance of one image of one pixel is 0, and 1/√ε multiplies any other. Its logits are the last shifts, rectified.
    const shifts = [...values.slice(-CHANNELS)];
    expect(gradient.slice(-CHANNELS)).toEqual(shifts.map((shift) => (shift > 0 ? 1 : 0)));
    for (const slope of gradient.slice(0, -CHANNELS)) expect(slope).toBeCloseTo(0);
  },
);
