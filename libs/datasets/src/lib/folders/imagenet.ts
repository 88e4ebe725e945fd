import { join } from 'node:path';
import { WinnowError, defineDataset } from '@winnow/plugin-api';
import * as z from 'zod';
import { dataDir, trainImages } from '../data-options.ts';
import { resizeFor, viewOptions } from '../images/view-options.ts';
import { foldersIn, readClassTree } from './class-tree.ts';
import { openFolders, splitTree } from './folder-dataset.ts';
import { IMAGENET_NORMALIZATION, imagenetRecipe } from './imagenet-recipe.ts';

/** As many as are for testing. */
const VALIDATION_IMAGES = 50_000;
const SIZE = 224;

export const IMAGENET_LAYOUT =
  'It must hold train/WNID and val/WNID, one folder of JPEG files for each of the classes; docs/data.md says how to get there.';

/** ILSVRC 2012 as folders: its `val` is for testing; a part of `train` as large, a tenth at most, is held out for choices. */
export const imagenet = defineDataset({
  name: 'imagenet',
  summary: 'ImageNet (ILSVRC 2012), 224×224, 1,000 classes; streamed',
  options: z.strictObject({
    dataDir,
    trainImages,
    imageSize: viewOptions.imageSize,
    resize: viewOptions.resize,
  }),
  argument: 'dataDir',
  places: ['dataDir'],
  /** Throws DATA_NOT_FOUND, and BAD_DATA or BAD_IMAGE naming the folder or file. */
  async open({ dataDir, trainImages, imageSize = SIZE, resize }, setting) {
    const folders = foldersIn(dataDir);
    if (!folders.includes('train') || !folders.includes('val')) {
      throw new WinnowError('DATA_NOT_FOUND', `ImageNet was not found in ${dataDir}.`, {
        hint: IMAGENET_LAYOUT,
      });
    }
    const all = readClassTree(join(dataDir, 'train'), setting);
    const test = readClassTree(join(dataDir, 'val'), { expected: all.classes, ...setting });
    const tenth = Math.floor(all.paths.length / 10);
    const { kept, held } = splitTree(all, Math.min(VALIDATION_IMAGES, tenth));
    return openFolders(
      {
        name: 'imagenet',
        parts: { train: kept, validation: held, test },
        view: {
          size: imageSize,
          resize: resizeFor(imageSize, resize),
          augmentation: 'resized-crop',
        },
        normalization: IMAGENET_NORMALIZATION,
        trainImages,
        recipe: imagenetRecipe,
      },
      setting,
    );
  },
});
