import { arraySource, fileOrder, holdOut, subset } from '@winnow/data';
import { type Dataset, WinnowError } from '@winnow/plugin-api';

const PIXELS = 64;
const IMAGES = 1_797;
const CLASSES = 10;
/** What the brightest pixel is. */
const BRIGHTEST = 16;

/** Shape of the digits, and what their pixels, 0 to 16, are normalised by. */
export const DIGITS = {
  shape: { height: 8, width: 8, channels: 1 },
  // Over all pixels (0 to 16) of the 1,294 training images; the standard deviation is the population's.
  normalization: { mean: [4.868081047140649], std: [6.006703680191243] },
};

function bad(problem: string): WinnowError {
  return new WinnowError('BAD_DATA', `This is not the table of the digits: ${problem}.`, {
    hint: 'Give @winnow/datasets/assets/digits.csv.gz, unpacked.',
  });
}

/** Of a line; nothing where they are not its pixels and label. */
function numbersOf(line: string): number[] | undefined {
  const cells = line.trim().split(',');
  const numbers = cells.map(Number);
  const fits =
    cells.length === PIXELS + 1 &&
    cells.every(
      (cell, at) => /^\d+$/.test(cell) && numbers[at]! <= (at < PIXELS ? BRIGHTEST : CLASSES - 1),
    );
  return fits ? numbers : undefined;
}

/**
 * The data set of the table that comes as `@winnow/datasets/assets/digits.csv.gz`, unpacked: 64 pixels (0 to 16) and a
 * label a line, 1,797 images [8, 8, 1] of 10 classes. Every fifth is for testing (360), a tenth of the others for validation
 * (143), and 1,294 are left for training. Throws BAD_DATA where it is not that table.
 */
export function digitsIn(csv: string): Omit<Dataset, 'checksum' | 'readImage'> {
  const lines = csv.trim().split('\n');
  if (lines.length !== IMAGES)
    throw bad(
      `it has ${lines.length === 1 ? '1 line' : `${lines.length} lines`} and not ${IMAGES}`,
    );
  const pixels = new Uint8Array(lines.length * PIXELS);
  const labels = new Int32Array(lines.length);
  lines.forEach((line, i) => {
    const numbers = numbersOf(line);
    if (!numbers) throw bad(`line ${i + 1} is not ${PIXELS} pixels from 0 to 16 and a digit`);
    pixels.set(numbers.slice(0, PIXELS), i * PIXELS);
    labels[i] = numbers[PIXELS]!;
  });
  const images = arraySource({ pixels, labels, ...DIGITS });
  const indices = fileOrder(images.length);
  return {
    name: 'digits',
    input: DIGITS.shape,
    classes: CLASSES,
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
