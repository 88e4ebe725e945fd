import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tfl from '@tensorflow/tfjs-layers';
import { cpu } from '@winnow/tensor-backend';
import { adaptLayersModel } from './adapt-layers-model.ts';

const { layers } = tfl;
const inputShape = [9, 8, 2];
const apply = (layer: tfl.layers.Layer, x: tfl.SymbolicTensor) =>
  layer.apply(x) as tfl.SymbolicTensor;

describe('what adaptLayersModel does not take', () => {
  beforeAll(() => cpu.start());

  const after = (...list: tfl.layers.Layer[]) => tfl.sequential({ layers: list });
  const conv = (args: object = {}) =>
    layers.conv2d({ inputShape, filters: 2, kernelSize: 3, name: 'first', ...args });
  const dense = layers.dense;
  const padded = (...[top, bottom, left, right, pool]: [number, number, number, number, object]) =>
    after(
      conv({ activation: 'relu' }),
      layers.zeroPadding2d({
        padding: [
          [top, bottom],
          [left, right],
        ],
      }),
      layers.maxPooling2d({ name: 'pool', ...pool }),
      layers.flatten(),
      dense({ units: 2 }),
    );
  const UNSUPPORTED: [string, () => tfl.LayersModel][] = [
    [
      'The layer "mean" is of the kind AveragePooling2D.',
      () => after(conv(), layers.averagePooling2d({ name: 'mean' })),
    ],
    ['"first" is dilated', () => after(conv({ dilationRate: 2 }))],
    ['"first" has the strides [1, 2]', () => after(conv({ strides: [1, 2] }))],
    ['"first" has its channels first', () => after(conv({ dataFormat: 'channelsFirst' }))],
    ['"first" has the activation "elu"', () => after(conv({ activation: 'elu' }))],
    [
      '"first" has the constraint "kernelConstraint"',
      () => after(conv({ kernelConstraint: 'nonNeg' })),
    ],
    [
      '"relu6" is a ReLU with a maximum',
      () => after(conv(), layers.reLU({ maxValue: 6, name: 'relu6' })),
    ],
    [
      '"bn" normalises along axis 1',
      () => after(conv(), layers.batchNormalization({ axis: 1, name: 'bn' })),
    ],
    [
      '"bn" normalises without scale or center',
      () => after(conv(), layers.batchNormalization({ scale: false, name: 'bn' })),
    ],
    ['"last" is dense over images', () => after(conv(), dense({ units: 2, name: 'last' }))],
    [
      '"last" comes after a softmax',
      () =>
        after(
          dense({ inputShape: [3], units: 2, activation: 'softmax' }),
          dense({ units: 2, name: 'last' }),
        ),
    ],
    [
      '"bn" comes after a ZeroPadding2D',
      () => after(layers.zeroPadding2d({ inputShape }), layers.batchNormalization({ name: 'bn' })),
    ],
    [
      '"pool" takes the maximum over a ZeroPadding2D',
      () =>
        after(
          layers.zeroPadding2d({ inputShape }),
          layers.maxPooling2d({ poolSize: 2, name: 'pool' }),
        ),
    ],
    [
      '"pool" may have windows that lie in the zeros',
      () => padded(4, 2, 0, 0, { poolSize: [4, 2], strides: 1 }),
    ],
    [
      '"pool" may have windows that lie in the zeros',
      () => padded(0, 0, 3, 0, { poolSize: [2, 3], strides: 1 }),
    ],
    // 7×6 pixels and 2 rows of zeros, to which "same" adds one for a window of 3 that moves by 1.
    [
      '"pool" may have windows that lie in the zeros',
      () => padded(0, 2, 0, 0, { poolSize: 3, strides: 1, padding: 'same' }),
    ],
    [
      '"net" makes outputs of shape [7, 6, 2]',
      () => tfl.sequential({ name: 'net', layers: [conv()] }),
    ],
    ['"net" is not built yet', () => tfl.sequential({ name: 'net' })],
    [
      '"net" takes inputs of shape [?, ?, 2]',
      () => tfl.sequential({ name: 'net', layers: [conv({ inputShape: [null, null, 2] })] }),
    ],
    [
      '"twice" is used at 2 places',
      () => {
        const x = tfl.input({ shape: [4] });
        const twice = dense({ units: 4, name: 'twice' });
        return tfl.model({ inputs: x, outputs: apply(twice, apply(twice, x)) });
      },
    ],
    [
      '"twice" is used at more than one place',
      () => {
        const twice = dense({ units: 4, name: 'twice' });
        return after(dense({ inputShape: [3], units: 4 }), twice, twice);
      },
    ],
    [
      '"second.twice" is used at more than one place',
      () => {
        const twice = dense({ inputShape: [4], units: 4, name: 'twice' });
        const second = tfl.sequential({ name: 'second', layers: [twice] });
        return after(tfl.sequential({ layers: [twice] }), second);
      },
    ],
    [
      'has 1 inputs and 2 outputs',
      () => {
        const x = tfl.input({ shape: [4] });
        const outputs = [apply(dense({ units: 2 }), x), apply(dense({ units: 2 }), x)];
        return tfl.model({ inputs: x, outputs });
      },
    ],
  ];

  it.each(UNSUPPORTED)('says that %s', (words, build) => {
    const adapt = () => adaptLayersModel(build());
    expect(adapt).toThrow(words);
    expect(adapt).toThrow('Supported: one input');
    expect(adapt).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_MODEL' }));
  });
});
