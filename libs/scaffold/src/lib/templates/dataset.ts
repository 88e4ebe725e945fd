import type { ComponentTemplate } from '../component-template.ts';

const testCase = (identifier: string) => `const { train } = await ${identifier}.open({});
  const { images } = await train.read([0]);
  // Row after row of the first image, which lies: 0, 1, 2, 3 and again, less the mean of 1.5.
  const rows = [-1.5, -0.5, 0.5, 1.5, -1.5, -0.5, 0.5, 1.5];`;

/** Stripes, made and not read. */
export const dataset: ComponentTemplate = {
  about: 'a data set of lying and standing stripes',
  libraries: ['@winnow/data'],
  testLibraries: [],
  flags: (name) => `--dataset ${name} --model resnet8 --density 0.05 --epochs 4`,
  component({ name, identifier }) {
    return `import { arraySource, holdOut } from '@winnow/data';
import { type ImageSource, defineDataset } from '@winnow/plugin-api';
import * as z from 'zod';

const SIDE = 8;
const SHAPE = { height: SIDE, width: SIDE, channels: 1 };
/** Pixels from one stripe to the next, over which brightness climbs from 0 to this. */
const PERIOD = 4;
const NORMALIZATION = { mean: [1.5], std: [1] };

/** Images \`first\` to \`first + count\`: even ones lie, odd ones stand, each shifted a little further. */
function stripes(first: number, count: number): ImageSource {
  const labels = Int32Array.from({ length: count }, (_, i) => (first + i) % 2);
  const pixels = new Float32Array(count * SIDE * SIDE);
  for (const [i, label] of labels.entries()) {
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        const place = (label === 0 ? y : x) + 0.618 * (first + i);
        pixels[(i * SIDE + y) * SIDE + x] = place % PERIOD;
      }
    }
  }
  return arraySource({ pixels, labels, shape: SHAPE, normalization: NORMALIZATION });
}

/** Lying (0) and standing (1) stripes, 480 images [8, 8, 1]: 360 for training, 40 for validation, 80 for testing. */
export const ${identifier} = defineDataset({
  name: '${name}',
  summary: 'lying and standing stripes, 8×8',
  options: z.strictObject({}),
  open: () =>
    Promise.resolve({
      name: '${name}',
      input: SHAPE,
      classes: 2,
      classNames: ['lying', 'standing'],
      ...holdOut(stripes(0, 400)),
      test: stripes(400, 80),
      // Another one whenever the images change: a run that resumes compares it.
      checksum: '${name}-1',
      recipe: {
        learningRate: 0.1,
        epochs: 40,
        dropEpochs: [20, 30],
        warmupEpochs: 0,
        weightDecay: 1e-4,
        batchSize: 32,
      },
    }),
});
`;
  },
  testCase,
  packageTest: ({ name, identifier }) => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datasetConformance } from '@winnow/testing';
import { ${identifier} } from './${name}.ts';

for (const { name, skip, run } of datasetConformance(${identifier})) {
  test(name, { skip }, run);
}

test('draws stripes', async () => {
  ${testCase(identifier)}
  assert.deepEqual([...images.filter((_, i) => i % 8 === 0)], rows);
  assert.deepEqual([...images.subarray(0, 8)], new Array(8).fill(-1.5));
});
`,
};
