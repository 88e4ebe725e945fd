import { expect, it } from '@jest/globals';
import { inFloat64 } from './float64-network.ts';

it('goes back through a normalisation by statistics that are given as through an affine map', () => {
  const parameters = new Map([
    ['fc.weight', [3]],
    ['bn.weight', [2]],
    ['bn.bias', [5]],
  ]);
  const pass = inFloat64({
    input: { height: 1, width: 1, channels: 1 },
    graph: {
      layers: [
        { op: 'flatten', order: 'channels-last', x: 0, shape: { units: 1 } },
        { op: 'linear', name: 'fc', bias: false, x: 1, shape: { units: 1 } },
        { op: 'normalize', name: 'bn', epsilon: 0, relu: false, x: 2, shape: { units: 1 } },
      ],
      logits: 3,
    },
    parameters,
    images: [1, 4],
    batch: 2,
    statistics: new Map([
      ['bn.running_mean', [1]],
      ['bn.running_var', [16]],
    ]),
  });
  // 2 · (3x − 1) / 4 + 5, whose slope by the weight is x / 2.
  expect([...pass.logits]).toEqual([6, 10.5]);
  const gradients = pass.gradients([10, 100]);
  expect([...gradients.get('fc.weight')!]).toEqual([10 * 0.5 + 100 * 2]);
  expect([...gradients.get('bn.weight')!]).toEqual([10 * 0.5 + 100 * 2.75]);
  expect([...gradients.get('bn.bias')!]).toEqual([110]);
});
