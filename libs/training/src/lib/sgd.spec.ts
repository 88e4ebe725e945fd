import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import models, { Packing } from '@winnow/models';
import { ComponentRegistry } from '@winnow/plugin-api';
import { compileProgram, crossEntropy, valueAndGradient, vectors } from '@winnow/tensor-backend';
import { native, quickBackendsHere } from '@winnow/tensor-backend/node';
import { Golden, relativeError } from '@winnow/golden';
import { KeptVector } from './kept-vector.ts';
import { sgdStep as takeStep } from './sgd.ts';
import { Trainee } from './trainee.ts';

/** The norm, read. */
function sgdStep(...given: Parameters<typeof takeStep>): number {
  const { scalars } = vectors();
  return tf.tidy(() => scalars.read([takeStep(...given)]).now()[0]!);
}

const RECIPE = { name: 'standard', momentum: 0.9, weightDecay: 1e-3, clipNorm: 0.5 } as const;

describe(takeStep, () => {
  it('by hand, standard: mask, clip, decay, momentum', () => {
    const parameters = Float32Array.of(1, 2, 0);
    const velocity = Float32Array.of(0.5, 0, 0);
    const norm = sgdStep(
      {
        parameters: vectors().of(parameters),
        gradient: vectors().of(Float32Array.of(3, 4, 12)),
        velocity: vectors().of(velocity),
      },
      {
        mask: vectors().mask(Uint8Array.of(1, 1, 0)),
        learningRate: 0.1,
        recipe: { ...RECIPE, clipNorm: 1, weightDecay: 0.1 },
      },
    );
    expect(norm).toBeCloseTo(5, 10); // the pruned 12 does not count
    // v = 0.9 · 0.5 + 3/5 + 0.1 · 1 = 1.15 and 4/5 + 0.1 · 2 = 1; θ = 1 − 0.115 and 2 − 0.1.
    expect([...velocity]).toEqual([expect.closeTo(1.15, 5), expect.closeTo(1, 5), 0]);
    expect([...parameters]).toEqual([expect.closeTo(0.885, 5), expect.closeTo(1.9, 5), 0]);
  });

  it('refuses a gradient that is longer than the parameters', () => {
    const [parameters, velocity] = [vectors().zeros(2), vectors().zeros(2)];
    const setting = { mask: undefined, learningRate: 1, recipe: RECIPE };
    expect(() => sgdStep({ parameters, gradient: vectors().zeros(3), velocity }, setting)).toThrow(
      new RangeError('2 parameters, a gradient of 3 and a velocity of 2.'),
    );
  });

  it('by hand, authors: 128 times the gradient, clipped before it is masked', () => {
    const parameters = Float32Array.of(0, 0, 5);
    const norm = sgdStep(
      {
        parameters: vectors().of(parameters),
        gradient: vectors().of(Float32Array.of(3, 4, 12)),
        velocity: vectors().zeros(3),
      },
      {
        mask: vectors().mask(Uint8Array.of(1, 1, 0)),
        learningRate: 1,
        recipe: { ...RECIPE, name: 'authors', clipNorm: 2, weightDecay: 0 },
      },
    );
    expect(norm).toBeCloseTo(128 * 13, 8);
    expect([...parameters]).toEqual([expect.closeTo(-6 / 13, 5), expect.closeTo(-8 / 13, 5), 0]);
  });
});

async function goldenSteps() {
  const [weights, images, golden] = await Promise.all(
    ['weights', 'batch', 'sgd'].map((name) => Golden.load(name)),
  );
  const network = new ComponentRegistry(models.components)
    .get('model', 'resnet8')
    .build({ height: 32, width: 32, channels: 3 }, 10, { shortcut: 'conv3x3' });
  const packing = new Packing(network.parameters);
  const names = packing.names;
  const masked = new Set(golden!.names('mask.'));
  const mask = Uint8Array.from(
    names.flatMap((name) =>
      masked.has(name)
        ? [...(golden!.host(`mask.${name}`).data as Uint8Array)]
        : new Array<number>(weights!.values(name).length).fill(1),
    ),
  );
  const parameters = weights!.concatenated('', names);
  return { network, packing, names, mask, parameters, batch: images!.batch(), golden: golden! };
}

describe.each(quickBackendsHere())('SGD on $name', (backend) => {
  beforeAll(() => backend.start());

  it('takes the three golden steps under a mask', async () => {
    const { network, packing, names, mask, parameters, batch, golden } = await goldenSteps();
    const trainee = new Trainee(network, packing, parameters, mask, RECIPE);
    const before = tf.memory().numTensors;
    for (let step = 0; step < 3; step++) {
      const { loss, gradientNorm } = trainee.step(batch, 0.1).now();
      expect(relativeError([loss], [golden.values('loss')[step]!])).toBeLessThan(1e-4);
      expect(relativeError([gradientNorm], [golden.values('gradNorm')[step]!])).toBeLessThan(1e-4);
      const expected = golden.concatenated(`step${step}.`, names);
      const trained = trainee.parameters.read();
      expect(relativeError(trained, expected)).toBeLessThan(1e-4);
      for (let i = 0; i < mask.length; i++)
        if (!mask[i] && trained[i] !== 0) throw new Error(`weight ${i} was revived`);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  // The mask keeps too many multiply-adds for a trainee to do so itself.
  (backend === native ? it : it.skip)('takes them with the kept weights alone', async () => {
    const { network, names, mask, parameters, batch, golden } = await goldenSteps();
    const program = compileProgram({
      input: network.input,
      graph: network.graph!,
      parameters: network.parameters,
      kept: mask,
      batch: 16,
      differentiable: true,
    })!;
    const [own, velocity] = [parameters, new Float32Array(mask.length)].map(
      (all) => new KeptVector(all, mask),
    );
    const gradient = vectors().zeros(own!.kept.size);
    const state = { parameters: own!.kept, velocity: velocity!.kept, gradient };
    for (let step = 0; step < 3; step++) {
      tf.tidy(() => {
        const loss = (kept: tf.Tensor1D) =>
          crossEntropy(program.forward(kept, batch.images), batch.labels);
        const result = valueAndGradient(loss, own!.kept.tensor());
        const expected = golden.values('loss')[step]!;
        expect(relativeError(result.value.dataSync(), [expected])).toBeLessThan(1e-4);
        gradient.assign(result.gradient);
      });
      const norm = sgdStep(state, { mask: undefined, learningRate: 0.1, recipe: RECIPE });
      expect(relativeError([norm], [golden.values('gradNorm')[step]!])).toBeLessThan(1e-4);
      const expected = golden.concatenated(`step${step}.`, names);
      expect(relativeError(own!.read(), expected)).toBeLessThan(1e-4);
    }
    program.dispose();
  });
});
