import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { backendsHere } from '../backends/backends-here.ts';
import { crossEntropy } from './cross-entropy.ts';

describe.each(backendsHere())('cross-entropy on $name', (backend) => {
  beforeAll(() => backend.start());

  const logits = () => tf.tensor2d([0, 0, Math.log(3), 0], [2, 2]);
  const loss = (...labels: number[]) =>
    crossEntropy(logits(), tf.tensor1d(labels, 'int32')).dataSync()[0];

  it('is −ln of the probabilities 1/2 and 3/4 on average', () => {
    expect(loss(1, 0)).toBeCloseTo((Math.LN2 + Math.log(4 / 3)) / 2, 6);
  });

  it('has a label that is none of the classes add nothing to the sum', () => {
    for (const none of [2, -1]) expect(loss(1, none)).toBeCloseTo(Math.LN2 / 2, 6);
  });

  it('refuses other numbers of labels', () => {
    for (const labels of [[0], [0, 1, 0], []])
      expect(() => loss(...labels)).toThrow(
        `crossEntropy has logits of 2 examples, and ${labels.length} labels.`,
      );
  });
});
