import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DatasetRecipe,
  type OpenSetting,
  WinnowError,
  defineDataset,
} from '@winnow/plugin-api';
import * as z from 'zod';
import { dataDir, trainImages } from '../data-options.ts';
import {
  type ClassTree,
  imagesUnder,
  readClassTree,
  refuseEmptyFiles,
  someOf,
} from './class-tree.ts';
import { openFolders, splitTree } from './folder-dataset.ts';
import { IMAGENET_NORMALIZATION } from './imagenet-recipe.ts';

const FOLDER = 'tiny-imagenet-200';
const SIZE = 64;
const HINT = '`winnow data fetch tiny-imagenet` downloads it.';

const recipe: DatasetRecipe = {
  learningRate: 0.4,
  epochs: 200,
  dropEpochs: [60, 120, 160],
  warmupEpochs: 10,
  weightDecay: 1e-4,
  batchSize: 512,
};

const bad = (message: string) => new WinnowError('BAD_DATA', message, { hint: HINT });

/**
 * The validation images, which lie in one folder, `val/images`; `val_annotations.txt` has a line for each: file, class, and
 * four numbers of a box, between tabs. Throws BAD_DATA where the two disagree.
 */
async function readValidation(
  root: string,
  classes: readonly string[],
  { verifying }: OpenSetting = {},
): Promise<ClassTree> {
  const file = join(root, 'val', 'val_annotations.txt');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new WinnowError('DATA_NOT_FOUND', `Tiny-ImageNet in ${root} lacks ${file}.`, {
      hint: HINT,
      cause,
    });
  });
  const labelOf = new Map(classes.map((name, label) => [name, label]));
  const annotated = new Map<string, number>();
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [name = '', wnid = ''] = line.split('\t');
    const label = labelOf.get(wnid.trim());
    if (label === undefined) {
      throw bad(`Line ${i + 1} of ${file} has class "${wnid}", which has no folder in train.`);
    }
    if (annotated.has(name)) throw bad(`Line ${i + 1} of ${file} has "${name}" a second time.`);
    annotated.set(name, label);
  }
  const images = join(root, 'val', 'images');
  const names = imagesUnder(images);
  const unlabelled = names.filter((name) => !annotated.has(name));
  if (unlabelled.length > 0) {
    throw bad(`${file} has no label for ${unlabelled.length} of ${images}: ${someOf(unlabelled)}.`);
  }
  if (annotated.size > names.length) {
    const present = new Set(names);
    const missing = [...annotated.keys()].filter((name) => !present.has(name));
    throw bad(`${images} lacks ${missing.length} images of ${file}: ${someOf(missing)}.`);
  }
  if (!verifying) refuseEmptyFiles(images, names);
  const labels = Int32Array.from(names, (name) => annotated.get(name)!);
  return { root: images, classes, paths: names, labels };
}

/** Tiny-ImageNet (Stanford CS231n): 90,000 training, 10,000 held-out and 10,000 test images [64, 64, 3], the last its labelled validation images. */
export const tinyImagenet = defineDataset({
  name: 'tiny-imagenet',
  summary: 'photographs of 200 classes, 64×64, 110,000 images; streamed',
  options: z.strictObject({ dataDir, trainImages }),
  argument: 'dataDir',
  places: ['dataDir'],
  /** Throws DATA_NOT_FOUND, and BAD_DATA or BAD_IMAGE naming the file. */
  async open({ dataDir, trainImages }, setting) {
    const inside = join(dataDir, FOLDER);
    const root = existsSync(inside) ? inside : dataDir;
    if (!existsSync(join(root, 'train'))) {
      throw new WinnowError('DATA_NOT_FOUND', `Tiny-ImageNet was not found in ${dataDir}.`, {
        hint: HINT,
      });
    }
    const all = readClassTree(join(root, 'train'), setting);
    const { kept, held } = splitTree(all);
    return openFolders(
      {
        name: 'tiny-imagenet',
        parts: {
          train: kept,
          validation: held,
          test: await readValidation(root, all.classes, setting),
        },
        view: { size: SIZE, resize: SIZE, augmentation: 'resized-crop' },
        normalization: IMAGENET_NORMALIZATION,
        trainImages,
        recipe,
      },
      setting,
    );
  },
});
