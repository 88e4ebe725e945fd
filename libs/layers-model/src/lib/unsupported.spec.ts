import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tfl from '@tensorflow/tfjs-layers';
import { cpu } from '@winnow/tensor-backend';
import { adaptLayersModel } from './adapt-layers-model.ts';
import { apply, functional } from './testing/functional.ts';

const { layers } = tfl;
const inputShape = [9, 8, 2];

describe('what adaptLayersModel does not take', () => {
  beforeAll(() => cpu.start());

  const after = (...list: tfl.layers.Layer[]) => tfl.sequential({ name: 'net', layers: list });
  const conv = (args: object = {}) =>
    layers.conv2d({ inputShape, filters: 2, kernelSize: 3, name: 'first', ...args });
  const { dense } = layers;
  const UNSUPPORTED: [string, () => tfl.LayersModel][] = [
    [
      'Layer "lstm" (LSTM) is of no class that can be adapted.',
      () =>
        after(
          layers.lstm({
            inputShape: [9, 8],
            units: 2,
            name: 'lstm',
            recurrentInitializer: 'zeros',
          }),
        ),
    ],
    [
      'Layer "inner.turned" (Permute) is of no class that can be adapted.',
      () => {
        const turned = layers.permute({ inputShape: [7, 6, 2], dims: [2, 1, 3], name: 'turned' });
        return after(conv(), tfl.sequential({ name: 'inner', layers: [turned] }));
      },
    ],
    ['Layer "first" (Conv2D) has the strides [1, 2].', () => after(conv({ strides: [1, 2] }))],
    [
      'Layer "first" (Conv2D) has the dilation [1, 2].',
      () => after(conv({ dilationRate: [1, 2] })),
    ],
    [
      'Layer "first" (Conv2D) has both strides and a dilation.',
      () => after(conv({ strides: 2, dilationRate: 2 })),
    ],
    [
      'Layer "apart" (DepthwiseConv2D) has a dilation, which TensorFlow.js forgets in this class.',
      () => {
        const options = { inputShape, kernelSize: 3, dilationRate: 2, name: 'apart' };
        return after(layers.depthwiseConv2d(options));
      },
    ],
    [
      'Layer "first" (Conv2D) has its channels first.',
      () => after(conv({ dataFormat: 'channelsFirst' })),
    ],
    [
      'Layer "first" (Conv2D) has the activation "selu".',
      () => after(conv({ activation: 'selu' })),
    ],
    [
      'Layer "first" (Conv2D) has the constraint "kernelConstraint".',
      () => after(conv({ kernelConstraint: 'nonNeg' })),
    ],
    [
      'Layer "none" (ReLU) has the maximum 0.',
      () => after(conv(), layers.reLU({ maxValue: 0, name: 'none' })),
    ],
    [
      'Layer "bn" (BatchNormalization) normalises along axis 1.',
      () => after(conv(), layers.batchNormalization({ axis: 1, name: 'bn' })),
    ],
    [
      'Layer "last" (Dense) is dense over images: put a Flatten before it.',
      () => after(conv(), dense({ units: 2, name: 'last' })),
    ],
    [
      'Layer "soft" (Softmax) takes the softmax of images.',
      () => after(conv(), layers.softmax({ name: 'soft' })),
    ],
    [
      'Layer "last" (Dense) comes after a softmax.',
      () =>
        after(
          dense({ inputShape: [3], units: 2, activation: 'softmax' }),
          dense({ units: 2, name: 'last' }),
        ),
    ],
    [
      'Layer "wide" (Reshape) makes outputs of shape [42, 2].',
      () => after(conv(), layers.reshape({ targetShape: [42, 2], name: 'wide' })),
    ],
    [
      'Layer "stack" (Concatenate) concatenates along axis 1.',
      () =>
        functional(inputShape, (images) =>
          apply(layers.concatenate({ axis: 1, name: 'stack' }), [images, images]),
        ),
    ],
    [
      'Layer "sum" (Add) adds up different shapes.',
      () =>
        functional(inputShape, (images) =>
          apply(layers.add({ name: 'sum' }), [
            images,
            apply(layers.conv2d({ filters: 1, kernelSize: 1 }), images),
          ]),
        ),
    ],
    [
      'Layer "product" (Multiply) multiplies different shapes.',
      () =>
        functional(inputShape, (images) =>
          apply(layers.multiply({ name: 'product' }), [
            images,
            apply(layers.conv2d({ filters: 1, kernelSize: 1 }), images),
          ]),
        ),
    ],
    ['The model "net" makes outputs of shape [7, 6, 2].', () => after(conv())],
    [
      'The model "net" takes inputs of shape [?, ?, 2].',
      () => after(conv({ inputShape: [null, null, 2] })),
    ],
    [
      'The model "two" has 1 inputs and 2 outputs.',
      () => {
        const x = tfl.input({ shape: [4] });
        const outputs = [apply(dense({ units: 2 }), x), apply(dense({ units: 2 }), x)];
        return tfl.model({ name: 'two', inputs: x, outputs });
      },
    ],
  ];

  it.each(UNSUPPORTED)('says that %s', (sentence, build) => {
    expect(() => adaptLayersModel(build())).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED_MODEL',
        message: `${sentence} Write the network as a function: networkOf(compute, parameters, { input }) of @winnow/models.`,
      }),
    );
  });

  it('asks for the shape of inputs', () => {
    expect(() => adaptLayersModel(tfl.sequential({ name: 'net' }))).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED_MODEL',
        message: 'The model "net" is not built yet. Give its first layer an inputShape.',
      }),
    );
  });
});
