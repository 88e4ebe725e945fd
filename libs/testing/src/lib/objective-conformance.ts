import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { differentiateObjective, objectiveOn } from '@winnow/objectives';
import type { Batch, NamedTensors, Objective } from '@winnow/plugin-api';
import { directionalDerivatives, randomStreams, wasm } from '@winnow/tensor-backend';
import { type Check, assertNamed, assertNear, skipped, tensorCheck } from './check.ts';
import {
  EXAMPLES,
  type ObjectiveProblem,
  type ObjectiveSetting,
  objectiveProblem,
} from './objective-problem.ts';
import { toyMask } from './toy-problem.ts';

const SEEDS = [1, 2, 3];
/** Of a directional derivative by finite differences in float32. */
const GRADIENT_TOLERANCE = 1e-2;
/** Of values that differ in rounding alone. */
const ROUNDING = 1e-4;
/** Between a batch and its halves: a sum doubles; what a mean makes of pairs, or a norm of a mean, changes by less. */
const CHANGE_OF_DOUBLING = 0.6;
const IS_SMALLEST = 'is smallest and flat at the dense mask, as it says';

/** Neither hard nor near the ends. */
const relaxed = ({ network }: ObjectiveProblem, seed: number) =>
  toyMask(network, seed, (u) => 0.3 + 0.6 * u);
const binary = ({ network }: ObjectiveProblem, seed: number) =>
  toyMask(network, seed, (u) => +(u < 0.5));
const full = ({ network }: ObjectiveProblem) => toyMask(network, 0, () => 1);

function evaluated(objective: Objective, given: ObjectiveProblem, batch = given.batch) {
  const evaluate = objectiveOn({ ...given, batch });
  return (mask: NamedTensors | undefined) => evaluate(objective, mask);
}

const numberOf = (value: tf.Tensor) => value.dataSync()[0]!;

/** The batch in another order. */
function reordered({ images, labels }: Batch, seed: number): Batch {
  const order = tf.tensor1d(randomStreams(seed)('order').permutation(EXAMPLES, 0), 'int32');
  return { images: tf.gather(images, order), labels: tf.gather(labels, order) };
}

/** The value as a function of the mask as one vector, as the search differentiates it. */
function ofVector(objective: Objective, given: ObjectiveProblem) {
  return (mask: tf.Tensor1D) =>
    // Each time anew, since what the dense network gave goes with the gradient around it.
    evaluated(objective, given)(given.prunable.unpack(mask));
}

function gradientOf(
  objective: Objective,
  given: ObjectiveProblem,
  mask: NamedTensors,
): tf.Tensor1D {
  const at = tf.tensor1d(given.prunable.pack(mask));
  return differentiateObjective(objective, given.network, ofVector(objective, given), at).gradient;
}

const norm = (gradient: tf.Tensor) => numberOf(tf.norm(gradient));

/**
 * What an objective must do, on a network of three layers and twelve images, or on the caller's; each check stands for
 * itself:
 *
 *     for (const { name, skip, run } of objectiveConformance(mine)) test(name, { skip }, run);
 *
 * What it needs is there: activations, feature maps among them, a held-out batch, the next one.
 */
export function objectiveConformance(
  objective: Objective,
  setting: ObjectiveSetting = {},
): Check[] {
  const { start = () => wasm.start() } = setting;
  const cannot =
    objective.needs.includes('synaptic-flow') && !setting.network
      ? 'the toy network has no synaptic flow: give a network that has'
      : undefined;
  const check = (name: string, compute: (given: ObjectiveProblem, seed: number) => void) =>
    cannot === undefined
      ? tensorCheck(name, start, () => {
          for (const seed of SEEDS) compute(objectiveProblem(objective, setting, seed), seed);
        })
      : skipped(name, cannot);
  const numberOn = (given: ObjectiveProblem, mask: NamedTensors, batch = given.batch) =>
    numberOf(evaluated(objective, given, batch)(mask).value);
  return [
    tensorCheck('says what it is and how it is scaled', start, () => {
      assertNamed(objective);
      assert.ok(
        Number.isFinite(objective.lossScale) && objective.lossScale > 0,
        `the loss scale is ${objective.lossScale}`,
      );
    }),
    check(
      'is a finite scalar under relaxed, binary and full masks, and without one',
      (given, seed) => {
        const evaluate = evaluated(objective, given);
        for (const mask of [relaxed(given, seed), binary(given, seed), full(given), undefined]) {
          const { value, terms } = evaluate(mask);
          for (const [name, number] of Object.entries({ value, ...terms }))
            assert.ok(
              Number.isFinite(numberOf(number)),
              `${name === 'value' ? 'the value' : `its term "${name}"`} is ${numberOf(number)}`,
            );
        }
      },
    ),
    check('has the gradient that finite differences give', (given, seed) => {
      const mask = relaxed(given, seed);
      // Says what is wrong where there is no gradient.
      const steepness = norm(gradientOf(objective, given, mask));
      assert.notEqual(steepness, 0, 'the gradient is 0 under a relaxed mask');
      const { gradient, difference } = directionalDerivatives(
        (vector) => ofVector(objective, given)(vector as tf.Tensor1D).value,
        [tf.tensor1d(given.prunable.pack(mask))],
      );
      assertNear(gradient, difference, GRADIENT_TOLERANCE, 'the derivative along a direction');
    }),
    check('does not depend on the order of the batch', (given, seed) => {
      const mask = relaxed(given, seed);
      const [one, other] = [given.batch, reordered(given.batch, seed)].map((batch) =>
        numberOn(given, mask, batch),
      ) as [number, number];
      assertNear(other, one, ROUNDING, 'the value of the batch in another order');
    }),
    check('is a mean over the batch, not a sum', (given, seed) => {
      const mask = relaxed(given, seed);
      const whole = given.another(2 * EXAMPLES, seed);
      const halves = [0, EXAMPLES].map((from) => ({
        images: tf.slice(whole.images, from, EXAMPLES),
        labels: tf.slice(whole.labels, from, EXAMPLES),
      }));
      const [all, ...parts] = [whole, ...halves].map((batch) => numberOn(given, mask, batch)) as [
        number,
        number,
        number,
      ];
      const mean = (parts[0] + parts[1]) / 2;
      assert.ok(
        Math.abs(all - mean) <= CHANGE_OF_DOUBLING * Math.abs(mean),
        `${all} on a batch, but ${parts.join(' and ')} on its halves`,
      );
    }),
    objective.stationaryAtDense
      ? check(IS_SMALLEST, (given, seed) => {
          const dense = numberOn(given, full(given));
          for (const mask of [relaxed(given, seed), binary(given, seed)]) {
            const elsewhere = numberOn(given, mask);
            assert.ok(
              dense <= elsewhere + ROUNDING * (1 + Math.abs(elsewhere)),
              `${dense} at the dense mask, but ${elsewhere} elsewhere`,
            );
          }
          const flat = norm(gradientOf(objective, given, full(given)));
          const steep = norm(gradientOf(objective, given, relaxed(given, seed)));
          assert.ok(
            flat <= 1e-2 * steep,
            `the gradient's norm is ${flat} at the dense mask and ${steep} at another`,
          );
        })
      : skipped(IS_SMALLEST, 'it does not say that it is stationary at the dense mask'),
  ];
}
