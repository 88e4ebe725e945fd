import type { ComponentTemplate } from '../component-template.ts';

const number = (assertion: string) => `const value = tf.tidy(() => {
    const batch = { images: tf.zeros([1, 1, 1, 1]), labels: tf.tensor1d([0], 'int32') } as Batch;
    const [sparse, dense] = [giving([[1, 0]]), giving([[0, 2]])];
    return MINE.evaluate({ batch, sparse, dense, prunable: [] }).dataSync()[0];
  });
  // ((1 − 0)² + (0 − 2)²) / 2
  ${assertion}`;

const VIEW = `/** A network with these logits; nothing else is asked of it here. */
function giving(logits: number[][]): NetworkView {
  return { logits: () => tf.tensor2d(logits), features: () => [], gradients: () => ({}) };
}
`;

/** The mean squared difference of logits. */
export const objective: ComponentTemplate = {
  about: 'an objective that keeps the logits of the dense network',
  libraries: [],
  hasOptions: false,
  testLibraries: ['@winnow/tensor-backend'],
  flags: (name) =>
    `--dataset digits --model resnet8 --density 0.05 --epochs 4 --search-epochs 20 --objective ${name}`,
  component: ({ name, identifier }) => `import * as tf from '@tensorflow/tfjs-core';
import { defineObjective } from '@winnow/plugin-api';

/** Mean over batch and classes of the squared difference of the sparse and the dense network's logits. */
export const ${identifier} = defineObjective({
  name: '${name}',
  summary: 'keep the logits of the dense network',
  lossScale: 100,
  stationaryAtDense: true,
  evaluate: ({ sparse, dense }) => tf.mean(tf.squaredDifference(sparse.logits(), dense.logits())),
});
`,
  packageTest: ({ name, identifier }) => `import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { Batch, NetworkView } from '@winnow/plugin-api';
import { wasm } from '@winnow/tensor-backend';
import { objectiveConformance } from '@winnow/testing';
import { ${identifier} } from './${name}.ts';

before(() => wasm.start());

for (const { name, skip, run } of objectiveConformance(${identifier})) {
  test(name, { skip }, run);
}

${VIEW}
test('is the mean squared difference of the logits', () => {
  ${number('assert.equal(value, 2.5);').replace('MINE', identifier)}
});
`,
  // @winnow/testing checks every objective that is built in.
  numberSpec: ({ name, identifier }) => `import { beforeAll, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import type { Batch, NetworkView } from '@winnow/plugin-api';
import { wasm } from '@winnow/tensor-backend';
import { ${identifier} } from './${name}.ts';

beforeAll(() => wasm.start());

${VIEW}
it('is the mean squared difference of the logits', () => {
  ${number('expect(value).toBe(2.5);').replace('MINE', identifier)}
});
`,
};
