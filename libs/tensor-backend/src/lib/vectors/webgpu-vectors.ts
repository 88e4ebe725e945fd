import * as tf from '@tensorflow/tfjs-core';
import { runElementwise } from '../kernels/device/webgpu-program.ts';
import { tensorOf } from './device-scalars.ts';
import { deviceVectors, keptOf, valuesOf } from './device-vectors.ts';
import { plainArithmetic } from './plain-arithmetic.ts';
import type { Vector, Vectors } from './vector.ts';

type Tensor3 = [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];

/** Threefry-2x32 with 20 rounds (see `threefry`), one invocation a pair, in unsigned integers of 32 bits. */
const THREEFRY = `
  fn rotated(x : u32, by : u32) -> u32 { return (x << by) | (x >> (32u - by)); }
  fn threefry(counter : vec2<u32>, key : vec2<u32>) -> vec2<u32> {
    let keys = array<u32, 3>(key.x, key.y, 0x1bd11bdau ^ key.x ^ key.y);
    let turns = array<vec4<u32>, 2>(vec4<u32>(13u, 15u, 26u, 6u), vec4<u32>(17u, 29u, 16u, 24u));
    var x = counter + key;
    for (var group = 1u; group <= 5u; group++) {
      for (var k = 0u; k < 4u; k++) {
        x.x += x.y;
        x.y = rotated(x.y, turns[(group - 1u) % 2u][k]) ^ x.x;
      }
      x += vec2<u32>(keys[group % 3u], keys[(group + 1u) % 3u] + group);
    }
    return x;
  }`;

function uniformTensor(
  count: number,
  key0: number,
  key1: number,
  first: number,
  high: number,
): tf.Tensor1D {
  return runElementwise({
    name: 'uniforms',
    inputs: {},
    shape: [count],
    uniforms: {
      key0: ['uint32', key0],
      key1: ['uint32', key1],
      first: ['uint32', first],
      high: ['uint32', high],
    },
    declarations: THREEFRY,
    statements: `
      let pair = u32(i) / 2u;
      let words = threefry(vec2<u32>(uniforms.first + pair, uniforms.high), vec2<u32>(uniforms.key0, uniforms.key1));`,
    // Both are exact: 23 bits, and a half.
    value: '(f32(words[u32(i) % 2u] >> 9u) + 0.5) * 0x1p-23',
  }) as tf.Tensor1D;
}

const VELOCITY = 'uniforms.momentum * v[i] + (factor[0] * g[i] + uniforms.weightDecay * theta[i])';

/** See `Vectors.sgd`: two programs. */
const sgd: Vectors['sgd'] = ({ parameters, gradient, velocity }, rates) =>
  tf.tidy(() => {
    const { mask, factor, weightDecay, momentum, learningRate } = rates;
    const [theta, g, v] = [parameters, gradient, velocity].map(valuesOf) as Tensor3;
    const fresh = runElementwise({
      name: `sgd-velocity-${mask !== undefined}`,
      inputs: { theta, g, v, factor: tensorOf(factor), ...(mask && { kept: keptOf(mask) }) },
      shape: theta.shape,
      uniforms: { momentum: ['float32', momentum], weightDecay: ['float32', weightDecay] },
      value: mask ? `select(0.0, ${VELOCITY}, kept[i] != 0)` : VELOCITY,
    }) as tf.Tensor1D;
    velocity.assign(fresh);
    parameters.assign(
      runElementwise({
        name: 'sgd-parameters',
        inputs: { theta, v: fresh },
        shape: theta.shape,
        uniforms: { learningRate: ['float32', learningRate] },
        value: 'theta[i] - uniforms.learningRate * v[i]',
      }) as tf.Tensor1D,
    );
  });

/** See `Vectors.adam`: three programs. */
const adam: Vectors['adam'] = ({ values, mean, variance, direction }, rates) =>
  tf.tidy(() => {
    const { stepSize, correction, beta1, beta2, epsilon } = rates;
    const g = valuesOf(direction);
    const moment = (name: string, before: Vector, beta: number, term: string) => {
      const fresh = runElementwise({
        name,
        inputs: { m: valuesOf(before), g },
        shape: g.shape,
        uniforms: { beta: ['float32', beta], rest: ['float32', 1 - beta] },
        value: `uniforms.beta * m[i] + uniforms.rest * ${term}`,
      }) as tf.Tensor1D;
      before.assign(fresh);
      return fresh;
    };
    const m = moment('adam-mean', mean, beta1, 'g[i]');
    const v = moment('adam-variance', variance, beta2, 'g[i] * g[i]');
    values.assign(
      runElementwise({
        name: 'adam-values',
        inputs: { x: valuesOf(values), m, v },
        shape: g.shape,
        uniforms: {
          stepSize: ['float32', stepSize],
          correction: ['float32', correction],
          epsilon: ['float32', epsilon],
        },
        value:
          'x[i] - uniforms.stepSize * m[i] / (sqrt(v[i]) / uniforms.correction + uniforms.epsilon)',
      }) as tf.Tensor1D,
    );
  });

/** Vectors on WebGPU. Reads leave with the step that they are of. */
export function webgpuVectors(): Vectors {
  const composed = deviceVectors({
    ahead: true,
    uniforms: (...given) => plainArithmetic.uniforms(...given),
    uniformTensor,
  });
  return { ...composed, sgd, adam };
}
