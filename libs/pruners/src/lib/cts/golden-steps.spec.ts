import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import models, { Packing } from '@winnow/models';
import { kl, objectiveRoad } from '@winnow/objectives';
import { ComponentRegistry, type RandomStream } from '@winnow/plugin-api';
import { quickBackendsHere } from '@winnow/tensor-backend/node';
import { Golden, relativeError } from '@winnow/golden';
import { MaskSearch } from './mask-search.ts';
import { relax } from './relaxed-mask.ts';
import { GradBalance, Lagrange } from './sparsity-control.ts';

const DENSITY = 0.1;
const RATE = 0.1;

describe.each(quickBackendsHere())('CTS on $name', (backend) => {
  beforeAll(() => backend.start());

  it('relaxes masks as the golden file does', async () => {
    const golden = await Golden.load('concrete');
    const names = golden.names('mask.');
    const mask = tf.tidy(() =>
      relax(
        tf.tensor1d(golden.concatenated('logits.', names)),
        tf.tensor1d(golden.concatenated('uniform.', names)),
      ).dataSync(),
    );
    expect(relativeError(mask, golden.concatenated('mask.', names))).toBeLessThan(1e-5);
  });

  it.each([
    ['gradbalance', Math.log(DENSITY / (1 - DENSITY)) + 0.3, new GradBalance(DENSITY), 0],
    [
      'lagrange',
      Math.log(DENSITY / (1 - DENSITY)),
      new Lagrange(DENSITY, kl.multiplierRate ?? 1),
      1,
    ],
  ] as const)('takes the five golden steps of %s', async (name, firstLogit, control, roundings) => {
    const [weights, images, golden] = await Promise.all(
      ['weights', 'batch', name].map((file) => Golden.load(file)),
    );
    const network = new ComponentRegistry(models.components)
      .get('model', 'resnet8')
      .build({ height: 32, width: 32, channels: 3 }, 10, { shortcut: 'conv3x3' });
    const { names } = Packing.prunable(network);
    const parameters = weights!.tensors();
    const batch = images!.batch();
    // The noise of the golden steps in place of a stream's.
    const uniforms = (_: number, step: number) =>
      golden!.concatenated(`step${step}.uniform.`, names);
    const search = new MaskSearch({
      network,
      parameters,
      objective: kl,
      control,
      densityOf: () => DENSITY,
      random: () => ({ uniforms }) as unknown as RandomStream,
    });
    search.logits.write(new Float32Array(search.logits.size).fill(firstLogit));
    // In a program one ReLU of the 16 images, whose input is a rounding of zero, opens where the authors' stays shut: that
    // changes the gradient of the layers before it, and of none behind.
    const flips = objectiveRoad(network, kl).by === 'program';
    const head = 64 * 10;
    const onDevice = ['tensorflow', 'webgpu'].includes(backend.name);
    let first = NaN;
    for (let step = 0; step < 5; step++) {
      const taken = search.step({ batch, step }, RATE).now();
      if (step === 0) first = tf.memory().numTensors;
      const goldenError = golden!.values('sparsityError')[step]!;
      const goldenLambda = golden!.values('lambda')[step]!;
      const lambda = name === 'lagrange' ? control.lambda : taken.lambda;
      if (step < roundings) {
        // The multiplier begins on target, so its first error and λ are roundings of zero.
        expect(Math.abs(taken.sparsityError)).toBeLessThan(1e-3);
      } else {
        expect(relativeError([taken.sparsityError], [goldenError])).toBeLessThan(1e-4);
        // Where sums are in float32, a multiplier near the target is a difference of like numbers.
        const close = onDevice && name === 'lagrange' ? 1e-3 : 1e-4;
        expect(relativeError([lambda!], [goldenLambda])).toBeLessThan(close);
      }
      const expected = golden!.concatenated(`step${step}.logits.`, names);
      const logits = search.logits.read();
      const near = step < roundings ? 2e-3 : 1e-3;
      expect(relativeError(logits.slice(-head), expected.slice(-head))).toBeLessThan(near);
      expect(relativeError(logits, expected)).toBeLessThan(flips ? 0.03 : near);
      // Each step is judged from the golden logits, since free-running ones drift where a gradient is near Adam's ε.
      search.logits.write(expected);
    }
    expect(tf.memory().numTensors).toBe(first);
    // How it ends, by the golden logits of the last step: Σ σ(α) / d, and the part that λ ∇_α S has in Adam's mean.
    const on = Array.from(
      golden!.concatenated('step4.logits.', names),
      (x) => 1 / (1 + Math.exp(-x)),
    );
    const sum = (numbers: readonly number[]) => numbers.reduce((total, x) => total + x, 0);
    const slope = Math.sqrt(sum(on.map((p) => (p * (1 - p)) ** 2)));
    const moments = [search.adam.mean, search.adam.variance].map((of) => [...of.read()]);
    const mean = Math.sqrt(sum(moments[0]!.map((m) => m * m)));
    const weight = (Math.abs(control.lambda!) * 100) / (control.targetDensity * on.length);
    // Adam's step along its mean, of the rate 0.1 after 5 steps.
    const fifth = Math.sqrt(1 - 0.999 ** 5);
    const rise = on.map((p, i) => {
      const spread = Math.sqrt(moments[1]![i]!) / fifth + 1e-8;
      return (-p * (1 - p) * 0.1 * moments[0]![i]!) / spread;
    });
    const end = search.ending(0.1, 5);
    expect(relativeError([end.density], [sum(on) / on.length])).toBeLessThan(1e-5);
    expect(relativeError([end.pull], [(weight * slope) / mean])).toBeLessThan(1e-4);
    expect(end.pull).toBeGreaterThan(0.001);
    expect(relativeError([end.rise], [sum(rise) / on.length])).toBeLessThan(1e-4);
    search.dispose();
    tf.dispose([parameters, batch.images, batch.labels]);
  });
});
