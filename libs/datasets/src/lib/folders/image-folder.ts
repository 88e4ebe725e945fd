import { defineDataset } from '@winnow/plugin-api';
import * as z from 'zod';
import { dataDir, trainImages } from '../data-options.ts';
import { spreadSample } from '../images/pixel-sample.ts';
import { givenNormalization, viewOf, viewOptions } from '../images/view-options.ts';
import { openFolders, treeImages } from './folder-dataset.ts';
import { readParts } from './read-parts.ts';

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
