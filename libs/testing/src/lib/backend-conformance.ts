import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { Golden, relativeError } from '@winnow/golden';
import models, { Packing } from '@winnow/models';
import { type BackendDescriptor, ComponentRegistry, type NamedTensors } from '@winnow/plugin-api';
import { crossEntropy, hessianVectorProduct } from '@winnow/tensor-backend';

import { type Check, tensorCheck } from './check.ts';

/** Of a tensor's largest magnitude: an independent implementation in float32 comes to 5e-6. */
const TOLERANCE = 1e-4;
/**
 * One activation before the fourth ReLU is within 6e-7 of 0, and 0 after it in PyTorch. A backend that rounds it to the other
 * side, as TensorFlow does on AVX2, has first and second derivatives that differ by up to 5.9e-4 and 1.5e-3.
 */
const KINK = { activation: 3, at: 81_456, gradientTolerance: 1e-3, productTolerance: 3e-3 };
/** What GraSP divides logits by, of which the Hessian-vector product in the golden file is. */
const TEMPERATURE = 200;

function golden8() {
  const descriptor = new ComponentRegistry(models.components).get('model', 'resnet8');
  return descriptor.build({ height: 32, width: 32, channels: 3 }, 10, { shortcut: 'conv3x3' });
}

/** Whether this backend has rounded it to the other side. */
function isBeyondKink(weights: NamedTensors, images: tf.Tensor4D): boolean {
  const values: (number | undefined)[] = [];
  golden8().forward(weights, images, {
    capture: (activation) => void values.push(activation.dataSync()[KINK.at]),
  });
  return values[KINK.activation]! > 0;
}

function assertGolden(
  actual: tf.Tensor,
  expected: Float32Array,
  what: string,
  tolerance = TOLERANCE,
): void {
  const error = relativeError(actual.dataSync(), expected);
  assert.ok(error <= tolerance, `${what} is off by ${error} of its largest magnitude`);
}

/**
 * What a backend must do: compute a ResNet-8, its gradients and its second derivatives as PyTorch does. Call
 * `for (const { name, run } of backendConformance(mine)) test(name, run);`
 */
export function backendConformance(backend: BackendDescriptor): Check[] {
  const check = (
    name: string,
    compute: (weights: NamedTensors, batch: ReturnType<Golden['batch']>, file: Golden) => void,
    file: string,
  ): Check => {
    let files: Golden[];
    const { run } = tensorCheck(
      name,
      async () => {
        await backend.start();
        files = await Promise.all(['weights', 'batch', file].map((one) => Golden.load(one)));
      },
      () => compute(files[0]!.tensors(), files[1]!.batch(), files[2]!),
    );
    return { name, run };
  };
  return [
    check(
      'computes the golden logits, loss and gradients',
      (weights, { images, labels }, forward) => {
        const network = golden8();
        const tolerance = isBeyondKink(weights, images) ? KINK.gradientTolerance : TOLERANCE;
        const names = network.parameters.map((p) => p.name);
        assertGolden(network.forward(weights, images), forward.values('logits'), 'the logits');
        const loss = (...values: tf.Tensor[]) => {
          const own = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
          return crossEntropy(network.forward(own, images), labels);
        };
        const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => weights[name]!));
        assertGolden(value, forward.values('loss'), 'the loss');
        for (const [i, name] of names.entries())
          assertGolden(
            grads[i]!,
            forward.values(`grad.${name}`),
            `the gradient of ${name}`,
            tolerance,
          );
      },
      'forward',
    ),
    check(
      'computes the golden Hessian-vector product',
      (weights, { images, labels }, saliency) => {
        const network = golden8();
        const tolerance = isBeyondKink(weights, images) ? KINK.productTolerance : TOLERANCE;
        const prunable = Packing.prunable(network);
        const loss = (vector: tf.Tensor1D) => {
          const own = { ...weights, ...prunable.unpack(vector) };
          return crossEntropy(tf.div(network.forward(own, images), TEMPERATURE), labels);
        };
        const point = tf.tensor1d(prunable.pack(weights));
        const slope = tf.grad(loss as (x: tf.Tensor) => tf.Tensor)(point) as tf.Tensor1D;
        const product = prunable.unpack(hessianVectorProduct(loss, point, slope));
        for (const name of prunable.names)
          assertGolden(product[name]!, saliency.values(`hessianGradient.${name}`), name, tolerance);
      },
      'saliency',
    ),
  ];
}
