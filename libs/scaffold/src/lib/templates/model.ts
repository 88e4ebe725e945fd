import type { ComponentTemplate } from '../component-template.ts';

const testCase =
  () => `// Convolutions 4·1·9 and 8·4·9, two numbers a channel of each normalisation, and a linear layer of 8·10 with 10 biases.
const counts = { all: 36 + 8 + 288 + 16 + 80 + 10, prunable: 36 + 288 + 80 };
const setting = { input: { height: 8, width: 8, channels: 1 }, options: { channels: 4 }, counts };
`;

/** Two convolutions. */
export const model: ComponentTemplate = {
  about: 'a model of two convolutions',
  libraries: ['@winnow/models'],
  testLibraries: [],
  flags: (name) => `--dataset digits --model ${name} --density 0.2 --epochs 24 --search-epochs 24`,
  component({ name, identifier }, local = () => '@winnow/models') {
    const [layers, network] = [local('layers'), local('network')];
    const imports =
      layers === network
        ? `import { type Architecture, networkFrom } from '${network}';
import { defineModel } from '@winnow/plugin-api';
import * as z from 'zod';
`
        : `import { defineModel } from '@winnow/plugin-api';
import * as z from 'zod';
import type { Architecture } from '${layers}';
import { networkFrom } from '${network}';
`;
    return `${imports}
/** Two 3×3 convolutions with batch normalisation, the second with stride 2 and twice the channels, and a linear layer. */
function twoConvolutions(channels: number): Architecture {
  return (layers, images, classes) => {
    let x = layers.conv('conv1', images, { channels, kernel: 3, padding: 1 });
    x = layers.normalize('bn1', x, { relu: true });
    x = layers.conv('conv2', x, { channels: 2 * channels, kernel: 3, stride: 2, padding: 1 });
    x = layers.normalize('bn2', x, { relu: true });
    return layers.linear('fc', layers.globalAveragePool(x), { units: classes });
  };
}

export const ${identifier} = defineModel({
  name: '${name}',
  summary: 'two convolutions',
  options: z.strictObject({
    channels: z.int().positive().default(16).describe('channels of the first convolution'),
  }),
  rewindEpochs: 2,
  build: (input, classes, { channels }) =>
    networkFrom('${name}', twoConvolutions(channels), input, classes),
});
`;
  },
  testCase,
  packageTest: ({ name, identifier }) => `import { test } from 'node:test';
import { modelConformance } from '@winnow/testing';
import { ${identifier} } from './${name}.ts';

${testCase()}
for (const { name, skip, run } of modelConformance(${identifier}, setting)) {
  test(name, { skip }, run);
}
`,
};
