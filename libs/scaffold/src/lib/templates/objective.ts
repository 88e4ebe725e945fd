import { importedAs } from '../component-names.ts';
import type { ComponentNames, ComponentTemplate } from '../component-template.ts';

const testCase = (
  identifier: string,
) => `const value = valueOnLogits(${identifier}, { sparse: [[1, 0]], dense: [[0, 2]] });
  // ((1 − 0)² + (0 − 2)²) / 2`;

/** A number that an objective must give. */
export interface ObjectiveNumber {
  /** What the test says of it: "is the mean squared difference of the logits". */
  readonly title: string;
  /** Statements that end in a constant `value`. */
  readonly found: string;
  /** The assertion about `value`. */
  readonly assertion: string;
}

/** The test of a package with an objective, in node:test: conformance, and a number where there is one. */
export function objectiveTest(names: ComponentNames, number?: ObjectiveNumber): string {
  const { name, identifier } = names;
  const imported = number ? 'objectiveConformance, valueOnLogits' : 'objectiveConformance';
  const assert = number ? "import assert from 'node:assert/strict';\n" : '';
  const ofNumber = number
    ? `
test('${number.title}', () => {
  ${number.found}
  ${number.assertion}
});
`
    : '';
  return `${assert}import { before, test } from 'node:test';
import { wasm } from '@winnow/tensor-backend';
import { ${imported} } from '@winnow/testing';
import { ${importedAs(names)} } from './${name}.ts';

before(() => wasm.start());

for (const { name, skip, run } of objectiveConformance(${identifier})) {
  test(name, { skip }, run);
}
${ofNumber}`;
}

/** The mean squared difference of logits. */
export const objective: ComponentTemplate = {
  about: 'an objective that keeps the logits of the dense network',
  libraries: [],
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
  packageTest: (names) =>
    objectiveTest(names, {
      title: 'is the mean squared difference of the logits',
      found: testCase(names.identifier),
      assertion: 'assert.equal(value, 2.5);',
    }),
};
