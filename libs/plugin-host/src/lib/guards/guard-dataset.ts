import {
  type Dataset,
  type DatasetRecipe,
  type ImageSource,
  WinnowError,
  tagOf,
  withFields,
} from '@winnow/plugin-api';
import { attemptAsync } from './attempt.ts';

const isCount = (n: unknown) => Number.isSafeInteger(n) && (n as number) > 0;
const PARTS = ['train', 'validation', 'test'] as const;
const RECIPE: readonly (keyof DatasetRecipe)[] = [
  'learningRate',
  'epochs',
  'warmupEpochs',
  'weightDecay',
  'batchSize',
];

/** The first label that is no class, said in words. */
function strayLabel(labels: ArrayLike<number>, classes: number): string | undefined {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes)
      return `label ${label} at place ${i} where there are ${classes} classes`;
  }
  return undefined;
}

function problemOf(dataset: Partial<Dataset> | undefined): string | undefined {
  if (typeof dataset !== 'object' || dataset === null) return 'opened no data set';
  const { input, classes, checksum, recipe } = dataset;
  if (typeof dataset.name !== 'string') return 'lacks "name"';
  if (!input || ![input.height, input.width, input.channels].every(isCount))
    return 'lacks "input", the height, width and channels of its images';
  if (!isCount(classes)) return 'lacks "classes", their number';
  if (classes === 1) return 'has 1 class where two or more are needed';
  if (typeof checksum !== 'string' || checksum === '') return 'lacks "checksum"';
  if (
    !recipe ||
    !RECIPE.every((name) => Number.isFinite(recipe[name])) ||
    !Array.isArray(recipe.dropEpochs)
  )
    return `lacks "recipe", or a part of it: ${[...RECIPE, 'dropEpochs'].join(', ')}`;
  for (const part of PARTS) {
    const source: Partial<ImageSource> | undefined = dataset[part];
    if (!source || typeof source.read !== 'function' || !isCount(source.length) || !source.labels)
      return `lacks "${part}", a source of images with length, labels and read()`;
    if (tagOf(source.labels) !== 'Int32Array')
      return `has labels in "${part}" that are no Int32Array`;
    if (source.labels.length !== source.length)
      return `has ${source.labels.length} labels for ${source.length} images in "${part}"`;
    const stray = strayLabel(source.labels, classes!);
    if (stray) return `has in "${part}" ${stray}`;
  }
  return undefined;
}

function isFiniteThroughout(values: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  // Doubles cannot overflow by as many floats as fit in memory.
  return Number.isFinite(sum);
}

/**
 * Throws BAD_DATA where a field is missing, there is one class alone, or a label is no class; so does reading a block that is
 * no typed arrays of the size that was asked for, or holds NaN or infinity, and an image file likewise.
 */
export function guardDataset(dataset: Dataset, title: string): Dataset {
  const fail = (problem: string): never => {
    throw new WinnowError('BAD_DATA', `${title} ${problem}.`, {
      hint: 'Mend the plugin; arraySource of @winnow/data does most of the work.',
    });
  };
  const problem = problemOf(dataset);
  if (problem !== undefined) fail(problem);
  const { height, width, channels } = dataset.input;
  const guardSource = (source: ImageSource, part: string): ImageSource =>
    withFields(source, {
      async read(indices, draws) {
        const block = await attemptAsync(title, () => source.read(indices, draws));
        const pixels = indices.length * height * width * channels;
        const { images, labels } = (block ?? {}) as Partial<typeof block>;
        if (images?.length !== pixels || labels?.length !== indices.length) {
          fail(
            `read ${images?.length ?? 0} numbers and ${labels?.length ?? 0} labels for ${indices.length} images of "${part}", which have ${pixels}`,
          );
        }
        if (tagOf(images) !== 'Float32Array' || tagOf(labels) !== 'Int32Array')
          fail(
            `read from "${part}" images that are no Float32Array, or labels that are no Int32Array`,
          );
        const stray = strayLabel(labels!, dataset.classes);
        if (stray) fail(`read from "${part}" ${stray}`);
        if (!isFiniteThroughout(images!)) fail(`read NaN or infinity from "${part}"`);
        return block;
      },
    });
  return withFields(dataset, {
    train: guardSource(dataset.train, 'train'),
    validation: guardSource(dataset.validation, 'validation'),
    test: guardSource(dataset.test, 'test'),
    ...(dataset.readImage && {
      async readImage(path) {
        const image = await attemptAsync(title, () => dataset.readImage!(path));
        if (tagOf(image) !== 'Float32Array' || image.length !== height * width * channels)
          fail(`made of ${path} no Float32Array of ${height * width * channels} numbers`);
        if (!isFiniteThroughout(image)) fail(`made NaN or infinity of ${path}`);
        return image;
      },
    }),
  });
}
