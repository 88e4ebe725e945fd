import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import models from '@winnow/models';
import {
  type Batch,
  ComponentRegistry,
  type NamedTensors,
  type Network,
  type Objective,
  type ObjectiveInput,
  computing,
  defineObjective,
  prunableOf,
} from '@winnow/plugin-api';
import { crossEntropy, programRoad } from '@winnow/tensor-backend';
import { backendsHere, native } from '@winnow/tensor-backend/node';
import { hashed, relativeError } from '@winnow/golden';
import { differentiateObjective, objectiveOn } from './objective-on.ts';
import { ObjectivePrograms, objectiveRoad } from './objective-programs.ts';
import plugin from './plugin.ts';

const registry = new ComponentRegistry([...models.components, ...plugin.components]);
const SIDE = 8;
const BATCH = 12;
const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

const build = (name: string): Network =>
  registry.get('model', name).build({ height: SIDE, width: SIDE, channels: 3 }, 10, {});

/** Weights as they are initialised, and scales and shifts that are neither 1 nor 0. */
const parametersOf = ({ parameters }: Network): NamedTensors =>
  Object.fromEntries(
    parameters.map(({ name, shape }, i) => {
      const bound = Math.sqrt(6 / sizeOf(shape.slice(1)));
      const [low, high] = shape.length > 1 ? [-bound, bound] : [0.2, 1];
      return [name, tf.tensor(hashed(sizeOf(shape), 10 + i, low, high), [...shape])];
    }),
  );

function batchOf(stream: number, images = BATCH): Batch {
  const pixels = hashed(images * SIDE * SIDE * 3, stream, -1.7, 1.7);
  const labels = hashed(images, stream + 1, 0, 10).map(Math.floor);
  return {
    images: tf.tensor4d(pixels, [images, SIDE, SIDE, 3]),
    labels: tf.tensor1d(Int32Array.from(labels), 'int32'),
  };
}

const objectiveOf = (
  evaluate: (input: ObjectiveInput) => tf.Tensor,
  needs: Objective['needs'] = [],
) =>
  defineObjective({
    ...{ name: 'mine', summary: '', lossScale: 1, stationaryAtDense: false },
    needs,
    evaluate,
  });

const otherBatches = objectiveOf(
  ({ heldOut, next, sparse }) =>
    tf.addN([
      tf.mean(tf.square(sparse.logits())),
      tf.mean(tf.squaredDifference(heldOut().sparse.logits(), heldOut().dense.logits())),
      crossEntropy(next().sparse.logits(), next().batch.labels),
    ]),
  ['held-out-batch', 'next-batch'],
);
/** Sees more than it says that it does. */
const undeclared = objectiveOf(({ sparse, dense, mask, prunable }) =>
  tf.addN([
    tf.mean(tf.squaredDifference(sparse.logits(), dense.logits())),
    tf.mean(tf.square(sparse.features()[0]!)),
    tf.sum(tf.square(sparse.gradients()[prunable[0]!]!)),
    tf.mean(mask![prunable[0]!]!),
  ]),
);

/** Masks by what of the prunable layer `i` of `count` each draws from a number in [0, 1). */
const MASKS = {
  relaxed: (u: number) => 0.05 + 0.9 * u,
  'of zeros and ones': (u: number) => (u < 0.3 ? 1 : 0),
  'with an empty layer': (u: number, i: number, count: number) => (i === count >> 1 ? 0 : u),
};

/** By ops, or by the programs that are given: value, and gradient with respect to a mask. */
function outcome(
  objective: Objective,
  network: Network,
  mask: keyof typeof MASKS,
  programs?: ObjectivePrograms,
) {
  let found: { value: number; gradient: Float32Array };
  tf.tidy(() => {
    const prunable = prunableOf(network);
    const sizes = prunable.map(({ shape }) => sizeOf(shape));
    const masks = sizes.map((size, i) =>
      tf.tensor1d(hashed(size, 30 + i, 0, 1).map((u) => MASKS[mask](u, i, sizes.length))),
    );
    const evaluate = objectiveOn({
      network,
      parameters: parametersOf(network),
      batch: batchOf(100),
      heldOut: batchOf(200, 7),
      next: batchOf(300),
      denseLogits: programs?.dense,
    });
    const under = (m: tf.Tensor1D) => {
      const parts = tf.split(m, sizes);
      const named = prunable.map(({ name, shape }, i) => [name, tf.reshape(parts[i]!, [...shape])]);
      const sparse = programs?.sparse(tf.mul(m, programs.weights));
      return evaluate(objective, Object.fromEntries(named) as NamedTensors, sparse);
    };
    const all = tf.concat1d(masks);
    const { value, gradient } = differentiateObjective(objective, network, under, all);
    // Not returned from the tidy, which would search it for tensors, number by number.
    found = { value, gradient: gradient.dataSync<'float32'>().slice() };
  });
  return found!;
}

const hasNative = backendsHere().includes(native);
if (hasNative) await native.start();
const hasPrograms =
  hasNative && programRoad(build('resnet8'), undefined, { differentiable: true }).by === 'program';

(hasPrograms ? describe : describe.skip).each<[string, keyof typeof MASKS]>([
  ['lenet', 'relaxed'],
  ['conv4', 'relaxed'],
  ['resnet8', 'relaxed'],
  ['resnet8', 'of zeros and ones'],
  ['resnet8', 'with an empty layer'],
])('programs of %s under a mask, %s,', (name, mask) => {
  const network = build(name);

  it.each([
    ...['kl', 'forward-kl', 'loss', 'delta-loss', 'feature'].map((it) =>
      registry.get('objective', it),
    ),
    otherBatches,
    undeclared,
  ])('serve $name with $needs as ops do', (objective) => {
    const before = tf.memory().numTensors;
    const parameters = parametersOf(network);
    const programs = ObjectivePrograms.of(network, parameters, [objective])!;
    tf.dispose(parameters);
    const ours = outcome(objective, network, mask, programs);
    const theirs = outcome(objective, network, mask);
    expect(relativeError([ours.value], [theirs.value])).toBeLessThan(1e-4);
    expect(relativeError(ours.gradient, theirs.gradient)).toBeLessThan(1e-4);
    programs.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

(hasPrograms ? describe : describe.skip)('programs for objectives', () => {
  const network = build('lenet');
  const parameters = parametersOf(network);

  it('are none for objectives that need more, and serve the others beside them', () => {
    const [kl, feature, match] = ['kl', 'feature', 'gradient-match'].map((name) =>
      registry.get('objective', name),
    );
    expect(ObjectivePrograms.of(network, parameters, [match!])).toBeUndefined();
    const programs = ObjectivePrograms.of(network, parameters, [match!, feature!, kl!])!;
    expect(programs.for(kl!)!.dense).toBe(programs.dense);
    expect(programs.for(kl!)!.dense.show).toBeUndefined();
    expect(programs.for(feature!)!.dense.show).toBeDefined();
    expect(programs.for(match!)).toBeUndefined();
    programs.dispose();
    const { graph: _, ...unseen } = network;
    expect(ObjectivePrograms.of(unseen, parameters, [kl!])).toBeUndefined();
  });

  it('refuse a gradient of their gradient, in words', () => {
    const steep = objectiveOf(({ mask, prunable, sparse }) => {
      const of = () => tf.sum(tf.square(sparse.logits()));
      return tf.sum(tf.square(tf.grad(of)(mask![prunable[0]!]!)));
    });
    const programs = ObjectivePrograms.of(network, parameters, [steep])!;
    const before = tf.memory().numTensors;
    const differentiate = () =>
      tf.tidy(() => {
        const sizes = prunableOf(network).map(({ shape }) => sizeOf(shape));
        const evaluate = objectiveOn({ network, parameters, batch: batchOf(100) });
        const under = (m: tf.Tensor1D) => {
          const parts = tf.split<tf.Tensor1D>(m, sizes);
          const named = prunableOf(network).map(({ name }, i) => [name, parts[i]!]);
          const weights = tf.mul<tf.Tensor1D>(tf.concat1d(parts), programs.weights);
          const mask = Object.fromEntries(named) as NamedTensors;
          return evaluate(steep, mask, programs.sparse(weights));
        };
        differentiateObjective(steep, network, under, tf.ones([programs.weights.size]));
      });
    expect(differentiate).toThrow(
      expect.objectContaining({
        code: 'NO_GRADIENT',
        message: expect.stringMatching(
          /^Objective "mine" on lenet cannot be differentiated: A program of the engine has no second derivatives\. An objective .* "second-derivatives"/,
        ) as unknown,
      }),
    );
    expect(tf.memory().numTensors).toBe(before);
    programs.dispose();
  });
});

describe(objectiveRoad, () => {
  it.each([
    ['gradient-match', 'second-derivatives'],
    ['gradient-norm', 'second-derivatives'],
  ])('of %s is that of ops', (name, why) => {
    const road = { by: 'ops', why };
    expect(objectiveRoad(build('lenet'), registry.get('objective', name))).toEqual(road);
  });

  (hasPrograms ? it : it.skip)(
    'of what looks at activations is that of ops where the graph does not name these',
    () => {
      const lenet = build('lenet');
      const feature = registry.get('objective', 'feature');
      expect(objectiveRoad(lenet, feature)).toMatchObject({ by: 'program' });
      const { activations: _, ...graph } = lenet.graph!;
      const unnamed = computing(graph, (...given) => lenet.forward(...given));
      const road = { by: 'ops', why: 'activations' };
      expect(objectiveRoad({ ...lenet, graph, forward: unnamed }, feature)).toEqual(road);
    },
  );

  it('of what looks at logits alone is that of the network', () => {
    const { graph: _, ...unseen } = build('lenet');
    const kl = registry.get('objective', 'kl');
    expect(objectiveRoad(unseen, kl)).toEqual({ by: 'ops', why: hasNative ? 'model' : 'backend' });
    if (hasPrograms) expect(objectiveRoad(build('lenet'), kl)).toMatchObject({ by: 'program' });
  });
});
