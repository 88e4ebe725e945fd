import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { backendsHere } from '../../backends/backends-here.ts';
import { cpu } from '../../backends/cpu.ts';
import { native } from '../../backends/native.ts';
import { loadEngine } from '../../native/engine.ts';
import { convolutionKernels } from '../../native/kernels/linear-maps.ts';
import { transposition } from '../../native/kernels/movement.ts';
import { normalizationKernels } from '../../native/kernels/normalization.ts';
import type { LayerKernel } from '../../native/native-kernel.ts';
import { TensorflowMemory } from './tensorflow-engine.ts';

interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: string | number;
}

/** TensorFlow's part: notes what it is given, and makes as many outputs as it is asked for, which are their places. */
function tensorflow() {
  const given: { op: string; attributes: Attribute[]; inputs: tf.Tensor[] }[] = [];
  const binding = { TF_ATTR_STRING: 1, TF_ATTR_INT: 2 };
  const executeMultipleOutputs = (
    op: string,
    attributes: Attribute[],
    inputs: tf.Tensor[],
    outputs: number,
  ) => {
    given.push({ op, attributes, inputs });
    return Array.from({ length: outputs }, (_, place) => tf.scalar(place));
  };
  return { given, backend: { binding, executeMultipleOutputs } };
}

// What the op is told is read by native/binding/tensorflow.cc; on a real TensorFlow it computes in tools/check-backends.
(backendsHere().includes(native) ? describe : describe.skip)('a layer on TensorFlow', () => {
  beforeAll(() => cpu.start());

  function run(kernel: LayerKernel, inputs: Record<string, tf.Tensor>, attrs: object) {
    const { given, backend } = tensorflow();
    const call = { inputs, attrs, backend } as never;
    const made = new TensorflowMemory(loadEngine()).run(kernel, call);
    return { made, given };
  }

  it('is one op, told of windows, memory and shapes in the order of the engine', () => {
    const [x, filter] = [tf.ones([2, 5, 7, 3]), tf.ones([3, 1, 3, 4])];
    const attributes = { strides: [2, 1], pad: 'same', dilations: [1, 1], dataFormat: 'NHWC' };
    const { made, given } = run(convolutionKernels[0]!, { x, filter }, attributes);
    expect(given).toEqual([
      {
        op: 'WinnowCall',
        attributes: [
          {
            name: 'call',
            type: 1,
            // batch, height, width, channels; filter; out; strides; dilations; padding; x, filter, y, no moments; y's shape
            value: 'convolve 2 5 7 3 3 1 3 7 4 2 1 1 1 1 0 i i o - ; 4 2 3 7 4',
          },
          { name: 'N', type: 2, value: 2 },
          { name: 'M', type: 2, value: 1 },
        ],
        inputs: [x, filter],
      },
    ]);
    expect(made).toBeInstanceOf(tf.Tensor);
  });

  it('may leave an input out and have several outputs', () => {
    const [x, scale, shift] = [tf.ones([4, 2, 2, 3]), tf.ones([3]), tf.zeros([3])];
    const batchNormalize = normalizationKernels.find(
      ({ name }) => name === 'WinnowBatchNormalize',
    )!;
    const { made, given } = run(
      batchNormalize,
      { x, scale, shift },
      { epsilon: 1e-5, relu: true, hasResidual: false },
    );
    // rows, channels, ε, ReLU; x, scale, shift, no residual; y, mean, inverse; no moments
    expect(given[0]!.attributes[0]!.value).toBe(
      'normalize 16 3 0.00001 1 i i i - o o o 0 - ; 4 4 2 2 3 1 3 1 3',
    );
    expect((made as tf.Tensor[]).map((tensor) => tensor.dataSync()[0])).toEqual([0, 1, 2]);
  });

  it('tells arrays with their length', () => {
    const { given } = run(transposition, { x: tf.ones([2, 3]) }, { perm: [1, 0] });
    // shape, strides of x and y, offsets, float32; x, y
    expect(given[0]!.attributes[0]!.value).toBe('copy 2 3 2 2 1 3 2 2 1 0 0 0 i o ; 2 3 2');
  });
});
