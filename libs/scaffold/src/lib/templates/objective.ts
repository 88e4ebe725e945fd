import type { ComponentTemplate } from '../component-template.ts';

const testCase = (
  identifier: string,
) => `const value = valueOnLogits(${identifier}, { sparse: [[1, 0]], dense: [[0, 2]] });
  // ((1 − 0)² + (0 − 2)²) / 2`;

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
  testCase,
  packageTest: ({ name, identifier }) => `import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { wasm } from '@winnow/tensor-backend';
import { objectiveConformance, valueOnLogits } from '@winnow/testing';
import { ${identifier} } from './${name}.ts';

before(() => wasm.start());

for (const { name, skip, run } of objectiveConformance(${identifier})) {
  test(name, { skip }, run);
}

test('is the mean squared difference of the logits', () => {
  ${testCase(identifier)}
  assert.equal(value, 2.5);
});
`,
};
