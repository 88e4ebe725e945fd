import { type ComponentNames, type ScaffoldKind, TEMPLATES } from '@winnow/scaffold';

/** The tests of a new component in this workspace's Jest. */
export interface CloneSpecs {
  /** A number computed by hand, beside the component. */
  number?(names: ComponentNames): string;
  /** In libs/testing: the conformance checks, where they are not run for every component, and what needs that library. */
  testing?(names: ComponentNames): string;
}

const dataset: CloneSpecs = {
  number: ({ name, identifier }) => `import { expect, it } from '@jest/globals';
import { ${identifier} } from './${name}.ts';

it('draws stripes', async () => {
  ${TEMPLATES.dataset.testCase(identifier)}
  expect([...images.filter((_, i) => i % 8 === 0)]).toEqual(rows);
  expect([...images.subarray(0, 8)]).toEqual(new Array(8).fill(-1.5));
});
`,
  testing: ({ name, identifier }) => `import { describe, it } from '@jest/globals';
import { ${identifier} } from '@winnow/datasets';
import { datasetConformance } from './dataset-conformance.ts';

describe('${name}', () => {
  for (const { name, skip, run } of datasetConformance(${identifier})) {
    (skip ? it.skip : it)(name, run);
  }
});
`,
};

const model: CloneSpecs = {
  testing: ({ name, identifier }) => `import { describe, it } from '@jest/globals';
import models from '@winnow/models';
import { ComponentRegistry } from '@winnow/plugin-api';
import { modelConformance } from './model-conformance.ts';

${TEMPLATES.model.testCase(identifier)}const ${identifier} = new ComponentRegistry(models.components).get('model', '${name}');

describe('${name}', () => {
  for (const { name, skip, run } of modelConformance(${identifier}, setting)) {
    (skip ? it.skip : it)(name, run);
  }
});
`,
};

const objective: CloneSpecs = {
  testing: ({ name, identifier }) => `import { beforeAll, expect, it } from '@jest/globals';
import { ${identifier} } from '@winnow/objectives';
import { wasm } from '@winnow/tensor-backend';
import { valueOnLogits } from './value-on-logits.ts';

beforeAll(() => wasm.start());

it('${name} is the mean squared difference of the logits', () => {
  ${TEMPLATES.objective.testCase(identifier)}
  expect(value).toBe(2.5);
});
`,
};

const pruner: CloneSpecs = {
  number: ({ name, identifier }) => `import { expect, it } from '@jest/globals';
import { relativeMagnitudes } from './${name}.ts';

it('compares weights with the root mean square of their layer', () => {
  ${TEMPLATES.pruner.testCase(identifier)}
  expect(relativeMagnitudes(weights, 1)).toEqual(Float32Array.of(0.2, 1.4));
  expect(relativeMagnitudes(weights, 0)).toEqual(Float32Array.of(1, 7));
});
`,
};

export const CLONE_SPECS: Readonly<Record<ScaffoldKind, CloneSpecs>> = {
  objective,
  pruner,
  model,
  dataset,
};
