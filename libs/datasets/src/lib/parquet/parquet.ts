import { defineDataset } from '@winnow/plugin-api';
import * as z from 'zod';
import { dataDir, trainImages } from '../data-options.ts';
import { viewOptions } from '../images/view-options.ts';

const options = z.strictObject({
  dataDir,
  trainImages,
  ...viewOptions,
  imageColumn: z.string().optional().describe('column of images (default: image or img)'),
  labelColumn: z
    .string()
    .optional()
    .describe('column of labels (default: label, labels or fine_label)'),
});

/** Encoded images and labels in Parquet files, as Hugging Face publishes data sets. */
export const parquet = defineDataset({
  name: 'parquet',
  summary: 'images and labels in Parquet files, as Hugging Face publishes them',
  options,
  argument: 'dataDir',
  places: ['dataDir'],
  /** Throws DATA_NOT_FOUND, and BAD_DATA or BAD_IMAGE naming file, row and column. */
  async open(options, setting) {
    // Many files, for those alone who have such a data set.
    const { openTables } = await import('./open-tables.ts');
    return openTables(options, setting);
  },
});
