import { arraySource, fileOrder, holdOut, subset } from '@winnow/data';
import type { Dataset } from '@winnow/plugin-api';

const PIXELS = 64;

/** Shape of the digits, and what their pixels, 0 to 16, are normalised by. */
export const DIGITS = {
  shape: { height: 8, width: 8, channels: 1 },
  // Over all pixels (0 to 16) of the 1,294 training images; the standard deviation is the population's.
  normalization: { mean: [4.868081047140649], std: [6.006703680191243] },
};

/**
 * The data set of the table that comes as `@winnow/datasets/assets/digits.csv.gz`, unpacked: 64 pixels (0 to 16) and a
 * label a line, 1,797 images [8, 8, 1] of 10 classes. Every fifth is for testing (360), a tenth of the others for validation
 * (143), and 1,294 are left for training.
 */
export function digitsIn(csv: string): Omit<Dataset, 'checksum' | 'readImage'> {
  const lines = csv.trim().split('\n');
  const pixels = new Uint8Array(lines.length * PIXELS);
  const labels = new Int32Array(lines.length);
  lines.forEach((line, i) => {
    const numbers = line.split(',').map(Number);
    pixels.set(numbers.slice(0, PIXELS), i * PIXELS);
    labels[i] = numbers[PIXELS]!;
  });
  const images = arraySource({ pixels, labels, ...DIGITS });
  const indices = fileOrder(images.length);
  return {
    name: 'digits',
    input: DIGITS.shape,
    classes: 10,
    ...holdOut(
      subset(
        images,
        indices.filter((i) => i % 5 !== 0),
      ),
    ),
    test: subset(
      images,
      indices.filter((i) => i % 5 === 0),
    ),
    recipe: {
      learningRate: 0.1,
      epochs: 40,
      dropEpochs: [20, 30],
      warmupEpochs: 0,
      weightDecay: 1e-3,
      batchSize: 128,
    },
  };
}
