import { type OpenSetting, defineDataset } from '@winnow/plugin-api';
import { join } from 'node:path';
import * as z from 'zod';
import { type Parts, arrangeParts } from '../arrange-parts.ts';
import { dataDir, trainImages } from '../data-options.ts';
import { spreadSample } from '../images/pixel-sample.ts';
import { givenNormalization, viewOf, viewOptions } from '../images/view-options.ts';
import { type ClassTree, foldersIn, readClassTree } from './class-tree.ts';
import { openFolders, splitTree, treeImages } from './folder-dataset.ts';

const VALIDATION = ['val', 'valid', 'validation'];
const PARTS = ['train', 'test', ...VALIDATION];

/** The parts of a folder: `train` with `val`, `test` or both, or one tree of classes. What is lacking is held out. */
export function readParts(root: string, setting: OpenSetting = {}): Parts<ClassTree> {
  const folders = foldersIn(root);
  // Beside other classes, a folder `train` without class folders is one more class: car, plane, train.
  const inTwo =
    folders.includes('train') &&
    (folders.every((name) => PARTS.includes(name)) || foldersIn(join(root, 'train')).length > 0);
  const whole = readClassTree(inTwo ? join(root, 'train') : root, setting);
  const part = (names: readonly string[]) => {
    const name = inTwo ? names.find((n) => folders.includes(n)) : undefined;
    return name === undefined
      ? undefined
      : readClassTree(join(root, name), { expected: whole.classes, ...setting });
  };
  const given = { train: whole, validation: part(VALIDATION), test: part(['test']) };
  return arrangeParts(given, (tree) => splitTree(tree));
}

/** Any JPEG and PNG images in one folder a class, streamed from the disk. */
export const imageFolder = defineDataset({
  name: 'image-folder',
  summary: 'your own JPEG and PNG images, one folder a class; streamed',
  options: z.strictObject({ dataDir, trainImages, ...viewOptions }),
  argument: 'dataDir',
  places: ['dataDir'],
  /** Throws DATA_NOT_FOUND, and BAD_DATA or BAD_IMAGE naming the folder or file. */
  async open({ dataDir, trainImages, ...options }, setting) {
    const normalization = givenNormalization(options);
    const parts = readParts(dataDir, setting);
    const sample = spreadSample(parts.train.paths.length);
    const { view, notes } = await viewOf(treeImages(parts.train), sample, options);
    return openFolders(
      { name: 'image-folder', parts, view, normalization, trainImages, notes },
      setting,
    );
  },
});
