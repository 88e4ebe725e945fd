import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { heldOut } from '@winnow/data';
import { type Dataset, type OpenSetting, WinnowError } from '@winnow/plugin-api';
import type { Parts } from '../arrange-parts.ts';
import type { EncodedImages } from '../images/encoded-source.ts';
import { assertBeginsAsImage } from '../images/inspect-image.ts';
import { blocksOf, spreadSample } from '../images/pixel-sample.ts';
import { type StreamedDataset, streamedDataset } from '../images/streamed-dataset.ts';
import { undecodable } from '../images/undecodable.ts';
import type { ClassTree } from './class-tree.ts';

export interface FolderDataset extends Pick<
  StreamedDataset,
  'name' | 'view' | 'normalization' | 'trainImages' | 'recipe' | 'notes'
> {
  readonly parts: Parts<ClassTree>;
}

export function treeImages({ root, paths, labels }: ClassTree): EncodedImages {
  const pathOf = (index: number) => join(root, paths[index]!);
  return { labels, encoded: pathOf, nameOf: pathOf };
}

/** Splits a tree as `holdOut` splits a source. Throws BAD_DATA where there are too few images. */
export function splitTree(tree: ClassTree, count?: number): { kept: ClassTree; held: ClassTree } {
  const { kept, held } = heldOut(tree.labels, tree.root, count);
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

/** Files of a part; more take minutes on a cold disk. */
const MOST_LOOKED_AT = 10_000;

/** A run decodes these images hours from now, and can tell today which are none. Throws BAD_IMAGE. */
async function refuseOtherFiles({ root, paths }: ClassTree): Promise<void> {
  for (const block of blocksOf(spreadSample(paths.length, MOST_LOOKED_AT))) {
    await Promise.all(
      block.map(async (index) => {
        const path = join(root, paths[index]!);
        try {
          await assertBeginsAsImage(path);
        } catch (cause) {
          throw undecodable(
            path,
            cause,
            'Restore it, or leave it out of what you begin; `winnow data verify` finds all such files.',
          );
        }
      }),
    );
  }
}

/** A data set over image files, which are decoded when they are read. Throws BAD_IMAGE. */
export async function openFolders(
  { parts, ...rest }: FolderDataset,
  setting: OpenSetting = {},
): Promise<Dataset> {
  const { paths, classes } = parts.train;
  if (!setting.verifying) {
    await refuseOtherFiles(parts.validation);
    await refuseOtherFiles(parts.test);
  }
  const images = {
    train: treeImages(parts.train),
    validation: treeImages(parts.validation),
    test: treeImages(parts.test),
  };
  const checksum = await checksumOf(parts, setting.verifying ? [] : spreadSample(paths.length));
  return streamedDataset(
    { ...rest, parts: images, classes: classes.length, classNames: classes, checksum },
    setting,
  );
}
