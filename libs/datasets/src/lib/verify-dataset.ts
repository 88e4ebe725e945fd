import {
  type Clock,
  type Dataset,
  type ImageSource,
  isWinnowError,
  systemClock,
} from '@winnow/plugin-api';

const PARTS = ['train', 'validation', 'test'] as const;

export interface ClassCount {
  readonly name: string;
  /** Images in training, validation and test part. */
  readonly images: readonly [number, number, number];
}

export interface Verification {
  readonly images: number;
  readonly seconds: number;
  readonly classes: readonly ClassCount[];
  /** A sentence for each image that cannot be read. */
  readonly problems: readonly string[];
}

/** Reads under way at once. */
const WINDOW = 256;

/** How many images each class has. */
function classSizes({ labels }: ImageSource, classes: number): number[] {
  const sizes = new Array<number>(classes).fill(0);
  for (const label of labels) if (label in sizes) sizes[label]! += 1;
  return sizes;
}

/** Reads every image of a data set as evaluation does, and goes on where one cannot be read; stops early when the signal fires. */
export async function verifyDataset(
  dataset: Dataset,
  signal: AbortSignal,
  onProgress: (done: number, of: number) => void,
  clock: Clock = systemClock,
): Promise<Verification> {
  const startedAt = clock();
  const total = PARTS.reduce((sum, part) => sum + dataset[part].length, 0);
  const problems: string[] = [];
  let images = 0;
  for (const part of PARTS) {
    const source = dataset[part];
    for (let at = 0; at < source.length && !signal.aborted; at += WINDOW) {
      const count = Math.min(WINDOW, source.length - at);
      const reads = Array.from({ length: count }, (_, i) => source.read([at + i]));
      for (const outcome of await Promise.allSettled(reads)) {
        if (outcome.status === 'fulfilled') continue;
        const error: unknown = outcome.reason;
        if (!isWinnowError(error)) throw error;
        problems.push(error.sentence);
      }
      images += count;
      onProgress(images, total);
    }
  }
  const sizesOf = (source: ImageSource) => classSizes(source, dataset.classes);
  const [train, validation, test] = [dataset.train, dataset.validation, dataset.test].map(sizesOf);
  return {
    images,
    seconds: (clock() - startedAt) / 1000,
    problems,
    classes: Array.from({ length: dataset.classes }, (_, label) => ({
      name: dataset.classNames?.[label] ?? String(label),
      images: [train![label]!, validation![label]!, test![label]!],
    })),
  };
}
