import type { ComponentTemplate } from '../component-template.ts';

const testCase = () => `// The root mean square of 1 and −7 is 5.
  const weights = Float32Array.of(1, -7);`;

/** Magnitudes, each compared with its layer's. */
export const pruner: ComponentTemplate = {
  about: 'a pruner that keeps the weights that are large for their layer',
  libraries: ['@winnow/models', '@winnow/pruners'],
  testLibraries: [],
  flags: (name) => `--dataset digits --model resnet8 --density 0.05 --epochs 4 --method ${name}`,
  component: (
    { name, identifier },
    local = () => '@winnow/pruners',
  ) => `import { Packing } from '@winnow/models';
import { defineScoring } from '${local('scoring/define-scoring')}';
import * as z from 'zod';

/** |w| / rms(w)^balance for the weights w of one layer. */
export function relativeMagnitudes(weights: Float32Array, balance: number): Float32Array {
  const meanSquare = weights.reduce((sum, w) => sum + w * w, 0) / weights.length;
  // A layer of zeros has no scale of its own.
  const scale = Math.sqrt(meanSquare) ** balance || 1;
  return weights.map((w) => Math.abs(w) / scale);
}

/** Keeps the weights of the start point that are the largest beside their layer's root mean square. */
export const ${identifier} = defineScoring({
  name: '${name}',
  summary: 'keep the weights that are large for their layer',
  options: z.strictObject({
    balance: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe('0 compares plain magnitudes, 1 those over the root mean square of their layer'),
  }),
  score({ network, weights }, { balance }) {
    const scores = weights.slice();
    for (const { data } of Packing.prunable(network).views(scores).values())
      data.set(relativeMagnitudes(data, balance));
    return scores;
  },
});
`,
  testCase,
  packageTest: ({ name, identifier }) => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prunerConformance } from '@winnow/testing';
import { ${identifier}, relativeMagnitudes } from './${name}.ts';

for (const { name, skip, run } of prunerConformance(${identifier})) {
  test(name, { skip }, run);
}

test('compares weights with the root mean square of their layer', () => {
  ${testCase()}
  assert.deepEqual(relativeMagnitudes(weights, 1), Float32Array.of(0.2, 1.4));
  assert.deepEqual(relativeMagnitudes(weights, 0), Float32Array.of(1, 7));
});
`,
};
