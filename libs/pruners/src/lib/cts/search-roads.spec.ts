import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import models, { initialize } from '@winnow/models';
import {
  deltaLoss,
  feature,
  forwardKl,
  gradientMatch,
  kl,
  loss,
  objectiveRoad,
} from '@winnow/objectives';
import { ComponentRegistry, type Network, type Objective } from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { backendsHere, native } from '@winnow/tensor-backend/node';
import { hashed, relativeError } from '@winnow/golden';
import { MaskSearch } from './mask-search.ts';
import { GradBalance } from './sparsity-control.ts';

const DENSITY = 0.3;
const BATCH = 16;
const STEPS = 20;
const distance = (x: Float32Array, y: Float32Array) =>
  Math.sqrt(x.reduce((sum, v, i) => sum + (v - y[i]!) ** 2, 0));
const network = new ComponentRegistry(models.components)
  .get('model', 'resnet8')
  .build({ height: 8, width: 8, channels: 3 }, 10, {});
/** One that computes by ops, for want of a graph. */
const { graph: _, ...byOps } = network;

/** What the last of so many steps tells, the logits after it, and the number of tensors that the search leaves once it is disposed. */
function stepOf(objective: Objective, of: Network, steps = 1) {
  const random = randomStreams(3);
  const before = tf.memory().numTensors;
  const parameters = initialize(of, random('initialisation'));
  const search = new MaskSearch({
    ...{ network: of, parameters, objective, random, densityOf: () => 2 * DENSITY },
    control: new GradBalance(DENSITY),
  });
  let told: number[] = [];
  for (let step = 0; step < steps; step++) {
    const pixels = hashed(BATCH * 8 * 8 * 3, 1 + 2 * step, -1.7, 1.7);
    const labels = Int32Array.from(hashed(BATCH, 2 + 2 * step, 0, 10), Math.floor);
    const batch = {
      images: tf.tensor4d(pixels, [BATCH, 8, 8, 3]),
      labels: tf.tensor1d(labels, 'int32'),
    };
    const { value, gradientNorm, lambda, density } = search.step({ step, batch }, 0.1).now();
    told = [value, gradientNorm, lambda, density];
    tf.dispose([batch.images, batch.labels]);
  }
  const logits = Float32Array.from(search.logits.read());
  search.dispose();
  tf.dispose(parameters);
  const left = tf.memory().numTensors - before;
  return { told, logits, left };
}

const hasNative = backendsHere().includes(native);
if (hasNative) await native.start();
const hasPrograms = hasNative && objectiveRoad(network, kl).by === 'program';

(hasPrograms ? describe : describe.skip)('a search by programs', () => {
  it.each([kl, forwardKl, loss, deltaLoss, feature])(
    'of $name takes a step as one by ops does',
    (of) => {
      const [ours, theirs] = [stepOf(of, network), stepOf(of, byOps)];
      for (const [i, told] of ours.told.entries())
        expect(relativeError([told], [theirs.told[i]!])).toBeLessThan(1e-4);
      // Adam's first step is of one length whatever the gradient, but near its ε, where roundings show: by kl most, as 1e-3.
      // A gradient of the other sign would show as 0.4.
      expect(relativeError(ours.logits, theirs.logits)).toBeLessThan(5e-3);
      expect([ours.left, theirs.left]).toEqual([0, 0]);
    },
  );

  it('comes in 20 steps to where ops come to', () => {
    const [ours, theirs] = [network, byOps].map((of) => stepOf(kl, of, STEPS).logits);
    const first = Math.log(2 * DENSITY) - Math.log(1 - 2 * DENSITY);
    const way = distance(theirs!, new Float32Array(theirs!.length).fill(first));
    // By the roundings of Adam's first steps: 1.3e-4 with AVX2, less with AVX-512.
    expect(distance(ours!, theirs!)).toBeLessThan(5e-4 * way);
  });

  it('is none of gradient-match, to the bit', () => {
    expect(stepOf(gradientMatch, network)).toEqual(stepOf(gradientMatch, byOps));
  });
});
