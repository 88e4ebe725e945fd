import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Dataset,
  type DatasetRecipe,
  type Normalization,
  type OpenSetting,
  WinnowError,
} from '@winnow/plugin-api';
import type { Parts } from '../arrange-parts.ts';
import { limitTraining } from '../data-options.ts';
import { heldOut } from '../holdout.ts';
import { type EncodedImages, type ImageView, encodedSource } from '../images/encoded-source.ts';
import { spreadSample, statisticsOf } from '../images/pixel-sample.ts';
import type { ClassTree } from './class-tree.ts';

export interface FolderDataset {
  readonly name: string;
  readonly parts: Parts<ClassTree>;
  readonly view: Omit<ImageView, 'normalization'>;
  /** Computed from a sample of the training images where it is left out. */
  readonly normalization?: Normalization | undefined;
  readonly trainImages?: number | undefined;
  readonly recipe: DatasetRecipe;
}

const CHANNELS = 3;
/** Pixels as they are, 0 to 255. */
const RAW = { mean: [0, 0, 0], std: [1, 1, 1] };

export function treeImages({ root, paths, labels }: ClassTree): EncodedImages {
  const pathOf = (index: number) => join(root, paths[index]!);
  return { labels, encoded: pathOf, nameOf: pathOf };
}

/** Splits a tree as `holdOut` splits a source. Throws BAD_DATA where there are too few images. */
export function splitTree(tree: ClassTree, count?: number): { kept: ClassTree; held: ClassTree } {
  const { kept, held } = heldOut(tree.labels, count);
  if (held.length === 0) {
    throw new WinnowError(
      'BAD_DATA',
      `${tree.root} has ${tree.paths.length} images, too few to hold a tenth of them out.`,
      { hint: 'Ten or more are needed.' },
    );
  }
  const only = (indices: Int32Array): ClassTree => ({
    ...tree,
    paths: Array.from(indices, (i) => tree.paths[i]!),
    labels: indices.map((i) => tree.labels[i]!),
  });
  return { kept: only(kept), held: only(held) };
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new WinnowError('BAD_IMAGE', `Cannot read ${path} (${(cause as Error).message}).`, {
      hint: 'Restore it, or give yourself leave to read it.',
      cause,
    });
  }
}

/**
 * SHA-256 over every image's part, path and label, and over the bytes of a sample of the training files. So it takes little
 * time for a million files, and most files can be mended without making it another data set.
 */
async function checksumOf(parts: Parts<ClassTree>, sample: readonly number[]): Promise<string> {
  const hash = createHash('sha256');
  for (const part of ['train', 'validation', 'test'] as const) {
    const { paths, labels } = parts[part];
    paths.forEach((path, i) => hash.update(`${part}\0${path}\0${labels[i]}\n`));
  }
  const { root, paths } = parts.train;
  for (const index of sample) hash.update(await bytesOf(join(root, paths[index]!)));
  return hash.digest('hex');
}

/**
 * A data set over image files, which are decoded when they are read. A sample of the training images is decoded here, which
 * finds what is wrong with all of them. Throws BAD_IMAGE.
 */
export async function openFolders(
  dataset: FolderDataset,
  { verifying = false }: OpenSetting = {},
): Promise<Dataset> {
  const { name, parts, view, recipe, trainImages } = dataset;
  const sample = verifying ? [] : spreadSample(parts.train.paths.length);
  const checksum = await checksumOf(parts, sample);
  const plain = encodedSource(treeImages(parts.train), { ...view, normalization: RAW });
  const statistics = verifying ? RAW : await statisticsOf(plain, sample, CHANNELS);
  const normalization = dataset.normalization ?? statistics;
  const source = (tree: ClassTree) => encodedSource(treeImages(tree), { ...view, normalization });
  const train = source(parts.train);
  return {
    name,
    input: { height: view.size, width: view.size, channels: CHANNELS },
    classes: parts.train.classes.length,
    classNames: parts.train.classes,
    ...(dataset.normalization ? {} : { normalization }),
    train: limitTraining(train, trainImages),
    validation: source(parts.validation),
    test: source(parts.test),
    checksum,
    recipe,
  };
}
