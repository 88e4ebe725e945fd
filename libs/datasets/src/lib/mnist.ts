import { arraySource, fileOrder, holdOut } from '@winnow/data';
import { type DatasetRecipe, WinnowError, defineDataset } from '@winnow/plugin-api';
import * as z from 'zod';
import { checksumOf } from './checksum-of.ts';
import { dataDir, limitTraining, trainImages } from './data-options.ts';
import { readIdx } from './idx.ts';
import { statisticsOf } from './images/pixel-sample.ts';
import { readAsIs } from './images/read-image.ts';
import { type MnistName, mnistFolder, refuseOther } from './mnist-places.ts';

const CLASSES = 10;

const recipe: DatasetRecipe = {
  learningRate: 0.1,
  epochs: 40,
  dropEpochs: [20, 30],
  warmupEpochs: 0,
  weightDecay: 1e-4,
  batchSize: 128,
};

async function readPart(folder: string, prefix: string) {
  const images = await readIdx(folder, `${prefix}-images-idx3-ubyte`);
  const labels = await readIdx(folder, `${prefix}-labels-idx1-ubyte`);
  const [count, height, width] = images.shape;
  const bad = (problem: string) =>
    new WinnowError('BAD_DATA', `${problem}.`, { hint: 'Download the files again.' });
  if (images.shape.length !== 3 || !count || !height || !width) {
    throw bad(
      `${images.path} has shape [${images.shape.join(', ')}] where [n, height, width] is needed`,
    );
  }
  if (labels.shape.length !== 1 || labels.shape[0] !== count) {
    throw bad(
      `${images.path} has ${count} images and ${labels.path} labels of shape [${labels.shape.join(', ')}]`,
    );
  }
  const outside = labels.data.findIndex((label) => label >= CLASSES);
  if (outside >= 0) {
    throw bad(
      `Label ${outside} of ${labels.path} is ${labels.data[outside]} where 0 to 9 are allowed`,
    );
  }
  return {
    shape: { height, width, channels: 1 },
    pixels: images.data,
    labels: Int32Array.from(labels.data),
  };
}

function mnistLike(name: MnistName, summary: string) {
  return defineDataset({
    name,
    summary,
    options: z.strictObject({ dataDir, trainImages }),
    argument: 'dataDir',
    places: ['dataDir'],
    /** Throws DATA_NOT_FOUND and BAD_DATA naming the file. */
    async open({ dataDir, trainImages }) {
      const folder = mnistFolder(name, dataDir);
      refuseOther(name, folder);
      const [train, test] = [await readPart(folder, 'train'), await readPart(folder, 't10k')];
      const { shape } = train;
      if (test.shape.height !== shape.height || test.shape.width !== shape.width) {
        throw new WinnowError(
          'BAD_DATA',
          `${folder} has training images of ${shape.height}×${shape.width} and test images of ${test.shape.height}×${test.shape.width}.`,
          { hint: 'Download the files again.' },
        );
      }
      const kept = holdOut(arraySource(train), folder).train;
      const normalization = await statisticsOf(kept, [...fileOrder(kept.length)], shape.channels);
      const split = holdOut(arraySource({ ...train, normalization }), folder);
      return {
        name,
        input: shape,
        classes: CLASSES,
        normalization,
        train: limitTraining(split.train, trainImages),
        validation: split.validation,
        test: arraySource({ ...test, normalization }),
        readImage: (path) => readAsIs(path, { name, shape, normalization }),
        checksum: checksumOf(train.pixels, train.labels, test.pixels, test.labels),
        recipe,
      };
    },
  });
}

/** MNIST (LeCun, Cortes, Burges): 54,000 training, 6,000 validation and 10,000 test images [28, 28, 1], normalised by all the training ones; never augmented. */
export const mnist = mnistLike('mnist', 'handwritten digits, 28×28, 70,000 images');

/** Fashion-MNIST (Xiao, Rasul, Vollgraf, arXiv 1708.07747); as MNIST in all else. */
export const fashionMnist = mnistLike(
  'fashion-mnist',
  'articles of clothing, 28×28, 70,000 images',
);
