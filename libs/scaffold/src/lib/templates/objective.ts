import type { ComponentTemplate } from '../component-template.ts';

const number = (
  identifier: string,
  assertion: string,
) => `const value = valueOnLogits(${identifier}, { sparse: [[1, 0]], dense: [[0, 2]] });
  // ((1 − 0)² + (0 − 2)²) / 2
  ${assertion}`;

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
import { wasm } from '@winnow/tensor-backend';
import { objectiveConformance, valueOnLogits } from '@winnow/testing';
import { ${identifier} } from './${name}.ts';

before(() => wasm.start());

for (const { name, skip, run } of objectiveConformance(${identifier})) {
  test(name, { skip }, run);
}

test('is the mean squared difference of the logits', () => {
  ${number(identifier, 'assert.equal(value, 2.5);')}
});
`,
  // @winnow/testing checks every objective that is built in; the number needs it too.
  conformanceSpec: ({ name, identifier }) => `import { beforeAll, expect, it } from '@jest/globals';
import { ${identifier} } from '@winnow/objectives';
import { wasm } from '@winnow/tensor-backend';
import { valueOnLogits } from './value-on-logits.ts';

beforeAll(() => wasm.start());

it('${name} is the mean squared difference of the logits', () => {
  ${number(identifier, 'expect(value).toBe(2.5);')}
});
`,
};
