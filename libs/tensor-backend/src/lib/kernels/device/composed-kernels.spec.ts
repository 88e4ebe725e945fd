import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { cpu } from '../../backends/cpu.ts';
import { irregular } from '../../finite-differences.ts';
import { runKernel } from '../array-kernel.ts';
import { composedNormalization } from './composed-normalize.ts';
import { composedRelax } from './composed-relax.ts';

// The kernels as loops are those whose gradients are held to finite differences and golden numbers.
const COMPOSED = [...composedNormalization, composedRelax];
const [x, dy, residual, ddx, ddresidual] = [1, 2, 3, 4, 5].map(
  (seed) => () => irregular([3, 2, 2, 4], seed / 10),
) as (() => tf.Tensor)[];
const [scale, shift, ddscale, ddshift] = [6, 7, 8, 9].map(
  (seed) => () => irregular([4], seed / 10),
) as (() => tf.Tensor)[];

beforeAll(() => cpu.start());

/** What both make of the same inputs. */
function both(name: string, inputs: Record<string, tf.Tensor>, attributes: object) {
  const { compute } = COMPOSED.find((it) => it.name === name)!;
  const found = [
    runKernel<tf.Tensor[]>(name, inputs, attributes),
    compute(inputs, attributes as never),
  ];
  return found.map((outputs) => [outputs].flat().map((it) => [...it.dataSync()]));
}

const forward = (given: { residual?: tf.Tensor }, relu: boolean) =>
  runKernel<tf.Tensor[]>(
    'WinnowBatchNormalize',
    { x: x!(), scale: scale!(), shift: shift!(), ...given },
    { epsilon: 1e-3, relu, hasResidual: given.residual !== undefined },
  );

describe.each([
  [true, true],
  [true, false],
  [false, true],
  [false, false],
])('kernels made of ops, with ReLU %p and residual %p', (relu, hasResidual) => {
  const attributes = { epsilon: 1e-3, relu, hasResidual, temperature: 2 / 3 };
  const beside = () => (hasResidual ? { residual: residual!() } : {});
  const differentiated = () => {
    const [y, mean, inverse] = forward(beside(), relu) as [tf.Tensor, tf.Tensor, tf.Tensor];
    return { dy: dy!(), x: x!(), y, mean, inverse, scale: scale!(), shift: shift!() };
  };
  it.each<[string, () => Record<string, tf.Tensor>]>([
    ['WinnowBatchNormalize', () => ({ x: x!(), scale: scale!(), shift: shift!(), ...beside() })],
    ['WinnowBatchNormalizeGrad', differentiated],
    [
      'WinnowBatchNormalizeGradGrad',
      () => ({
        ...differentiated(),
        ...{ ddx: ddx!(), ddscale: ddscale!(), ddshift: ddshift!() },
        ...(hasResidual && { ddresidual: ddresidual!() }),
      }),
    ],
    ['WinnowAffine', () => ({ x: x!(), factor: scale!(), offset: shift!(), ...beside() })],
    ['WinnowRelax', () => ({ alpha: dy!(), uniform: tf.sigmoid(x!()) })],
  ])('%s makes what the loops make', (name, inputs) => {
    const [loops, ops] = both(name, inputs(), attributes);
    expect(ops!.map((it) => it.length)).toEqual(loops!.map((it) => it.length));
    const close = loops!.map((output) => output.map((v) => expect.closeTo(v, 4)));
    expect(ops).toEqual(close);
  });
});
