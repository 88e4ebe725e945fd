import assert from 'node:assert/strict';
import {
  DRAWS_PER_IMAGE,
  type Dataset,
  type DatasetDescriptor,
  type ImageSource,
} from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import type { Check } from './check.ts';

const PARTS = ['train', 'validation', 'test'] as const;
/** Images of each part that are looked at. */
const LOOKED_AT = 40;

/** Indices all over a source, in no order. */
function scattered({ length }: ImageSource): number[] {
  const order = randomStreams(1)('indices').permutation(length, 0);
  return [...order.subarray(0, Math.min(LOOKED_AT, length))];
}

const draws = (position: number) => randomStreams(1)('draws').uniforms(DRAWS_PER_IMAGE, position);

/** What a data set must do: `for (const { name, skip, run } of datasetConformance(mine)) test(name, { skip }, run);` */
export function datasetConformance(
  dataset: DatasetDescriptor,
  options: Readonly<Record<string, unknown>> = {},
): Check[] {
  const open = () => dataset.open(options);
  const check = (name: string, look: (opened: Dataset) => void | Promise<void>): Check => ({
    name,
    run: async () => look(await open()),
  });
  return [
    check('opens the same twice, with a checksum', async ({ checksum, train, input, classes }) => {
      assert.ok(checksum.length > 0, 'the checksum is empty');
      const again = await open();
      assert.equal(again.checksum, checksum, 'the checksum changes');
      assert.deepEqual(again.input, input);
      assert.equal(again.classes, classes);
      assert.deepEqual(again.train.labels, train.labels, 'the training labels change');
    }),
    check('has a recipe that can be trained by', ({ recipe }) => {
      assert.ok(recipe.learningRate > 0, 'the learning rate is not above 0');
      assert.ok(recipe.epochs >= 1 && recipe.batchSize >= 2, 'epochs or batch size are too few');
      assert.ok(
        recipe.dropEpochs.every((epoch) => epoch > 0 && epoch < recipe.epochs),
        'the rate falls outside the epochs',
      );
    }),
    check('labels every image, and every class in training', ({ classes, ...parts }) => {
      assert.ok(classes >= 2, 'there are fewer than two classes');
      for (const part of PARTS) {
        const { length, labels } = parts[part];
        assert.ok(length > 0, `${part} is empty`);
        assert.equal(labels.length, length, `${part} has not as many labels as images`);
        assert.ok(
          labels.every((label) => Number.isInteger(label) && label >= 0 && label < classes),
          `${part} has a label outside 0 … ${classes - 1}`,
        );
      }
      assert.equal(new Set(parts.train.labels).size, classes, 'a class has no training image');
    }),
    check('reads images by index, finite and with their labels', async ({ input, ...parts }) => {
      const size = input.height * input.width * input.channels;
      for (const part of PARTS) {
        const source = parts[part];
        const indices = scattered(source);
        const { images, labels } = await source.read(indices);
        assert.equal(images.length, indices.length * size, `${part} reads other sizes`);
        assert.ok(images.every(Number.isFinite), `${part} has values that are not finite`);
        assert.deepEqual(
          [...labels],
          [...indices].map((index) => source.labels[index]),
        );
        const last = indices.length - 1;
        const alone = await source.read([indices[last]!]);
        assert.deepEqual(
          alone.images,
          images.slice(last * size),
          `${part} reads an image otherwise when it reads others`,
        );
      }
    }),
    check('augments as the draws say, and nothing without them', async ({ train }) => {
      const indices = scattered(train);
      const [plain, again] = [await train.read(indices), await train.read(indices)];
      assert.deepEqual(again.images, plain.images, 'images change without draws');
      const [one, other] = [await train.read(indices, draws), await train.read(indices, draws)];
      assert.deepEqual(other.images, one.images, 'the same draws give other images');
      assert.ok(one.images.every(Number.isFinite), 'augmented images are not finite');
    }),
    check('holds validation and test images apart from training', async ({ input, ...parts }) => {
      const size = input.height * input.width * input.channels;
      const keys = async (source: ImageSource, indices: readonly number[]) => {
        const { images } = await source.read(indices);
        return indices.map((_, i) => images.subarray(i * size, (i + 1) * size).join());
      };
      const all = Array.from({ length: Math.min(2000, parts.train.length) }, (_, i) => i);
      const training = new Set(await keys(parts.train, all));
      for (const part of ['validation', 'test'] as const) {
        const own = await keys(parts[part], scattered(parts[part]));
        const shared = own.filter((key) => training.has(key)).length;
        // A few pictures are in many data sets twice.
        assert.ok(
          shared <= own.length / 4,
          `${shared} of ${own.length} ${part} images are training images`,
        );
      }
    }),
    {
      name: 'refuses an index that it does not have',
      run: async () => {
        const { train } = await open();
        await assert.rejects(async () => train.read([train.length]), 'it reads past its end');
      },
    },
  ];
}
