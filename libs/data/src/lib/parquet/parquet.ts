import { createHash } from 'node:crypto';
import { type Dataset, type OpenSetting, WinnowError, defineDataset } from '@winnow/plugin-api';
import { z } from 'zod';
import { arrangeParts } from '../arrange-parts.ts';
import { cifarRecipe } from '../cifar.ts';
import { dataDir, limitTraining, trainImages } from '../data-options.ts';
import { imagenetRecipe } from '../folders/imagenet-recipe.ts';
import { heldOut } from '../holdout.ts';
import { type EncodedImages, encodedSource } from '../images/encoded-source.ts';
import { spreadSample, statisticsOf } from '../images/pixel-sample.ts';
import { givenNormalization, viewOf, viewOptions } from '../images/view-options.ts';
import { classesIn } from './class-labels.ts';
import { parquetFiles } from './parquet-files.ts';
import { type ParquetTable, openParquet } from './parquet-table.ts';
import { RowCache } from './row-cache.ts';

const IMAGE_COLUMNS = ['image', 'img'];
const LABEL_COLUMNS = ['label', 'labels', 'fine_label'];
const RAW = { mean: [0, 0, 0], std: [1, 1, 1] };

function bad(path: string, problem: string): WinnowError {
  return new WinnowError('BAD_DATA', `${path} ${problem}.`, {
    hint: 'It needs a column of images, encoded, and one of labels from 0 up; --image-column and --label-column name them.',
  });
}

function columnOf({ path, metadata }: ParquetTable, known: readonly string[]): string {
  // The schema is a tree, written depth first; its root's children are the columns.
  const names = new Set<string>();
  for (let i = 1; i < metadata.schema.length;) {
    names.add(metadata.schema[i]!.name);
    for (let left = 1; left > 0; i++) left += (metadata.schema[i]!.num_children ?? 0) - 1;
  }
  const column = known.find((name) => names.has(name));
  if (column === undefined) {
    throw bad(path, `has no column ${known.join(' or ')} among ${[...names].join(', ')}`);
  }
  return column;
}

async function labelsOf(tables: readonly ParquetTable[], column: string): Promise<Int32Array> {
  const labels: number[] = [];
  for (const table of tables) {
    for (const [row, values] of (await table.rows(column, 0, table.groups.at(-1)!)).entries()) {
      const label = values[column];
      const number = typeof label === 'bigint' ? Number(label) : label;
      if (typeof number !== 'number' || !Number.isInteger(number) || number < 0) {
        throw bad(table.path, `has label ${String(label)} in row ${row} of column "${column}"`);
      }
      labels.push(number);
    }
  }
  return Int32Array.from(labels);
}

/** The bytes of a cell: itself, or the field `bytes` of a struct. */
function bytesIn(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  const { bytes } = (value ?? {}) as { bytes?: unknown };
  return bytes instanceof Uint8Array ? bytes : undefined;
}

function rowsOf(
  tables: readonly ParquetTable[],
  labels: Int32Array,
  column: string,
  cache: RowCache,
): EncodedImages {
  const places = tables.flatMap((table) =>
    Array.from({ length: table.groups.at(-1)! }, (_, row) => ({ table, row })),
  );
  const nameOf = (index: number) =>
    `row ${places[index]!.row} of ${places[index]!.table.path}, column "${column}"`;
  return {
    labels,
    nameOf,
    async encoded(index) {
      const { table, row } = places[index]!;
      const bytes = await cache.bytes(table, row);
      if (!bytes) throw new TypeError('it holds no bytes');
      return bytes;
    },
  };
}

function splitRows(path: string, images: EncodedImages) {
  const { kept, held } = heldOut(images.labels);
  if (held.length === 0) {
    throw bad(path, `has ${images.labels.length} images, too few to hold a tenth of them out`);
  }
  const only = (indices: Int32Array): EncodedImages => ({
    labels: indices.map((i) => images.labels[i]!),
    encoded: (i) => images.encoded(indices[i]!),
    nameOf: (i) => images.nameOf(indices[i]!),
  });
  return { kept: only(kept), held: only(held) };
}

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

async function openTables(
  { dataDir, trainImages, imageColumn, labelColumn, ...viewing }: z.output<typeof options>,
  { verifying = false }: OpenSetting = {},
): Promise<Dataset> {
  const given = givenNormalization(viewing);
  const files = parquetFiles(dataDir);
  const tables = (paths: readonly string[]) => Promise.all(paths.map((path) => openParquet(path)));
  const parts = {
    train: await tables(files.train),
    validation: await tables(files.validation),
    test: await tables(files.test),
  };
  const columns = {
    image: columnOf(parts.train[0]!, imageColumn === undefined ? IMAGE_COLUMNS : [imageColumn]),
    label: columnOf(parts.train[0]!, labelColumn === undefined ? LABEL_COLUMNS : [labelColumn]),
  };
  const cache = new RowCache(columns.image, bytesIn);
  const hash = createHash('sha256');
  const read = async (part: readonly ParquetTable[]) => {
    for (const { footer } of part) hash.update(footer);
    const labels = await labelsOf(part, columns.label);
    hash.update(labels);
    return rowsOf(part, labels, columns.image, cache);
  };
  const all = {
    train: await read(parts.train),
    validation: await read(parts.validation),
    test: await read(parts.test),
  };
  const { classes, names } = classesIn(parts.train[0]!, columns.label, all);
  const there = (images: EncodedImages) => (images.labels.length > 0 ? images : undefined);
  const rows = arrangeParts(
    { train: all.train, validation: there(all.validation), test: there(all.test) },
    (images) => splitRows(dataDir, images),
  );

  const sample = spreadSample(rows.train.labels.length);
  const view = await viewOf(rows.train, sample, viewing);
  const plain = encodedSource(rows.train, { ...view, normalization: RAW });
  const statistics = verifying ? RAW : await statisticsOf(plain, sample, RAW.mean.length);
  const normalization = given ?? statistics;
  const source = (images: EncodedImages) => encodedSource(images, { ...view, normalization });
  return {
    name: 'parquet',
    input: { height: view.size, width: view.size, channels: RAW.mean.length },
    classes,
    ...(names ? { classNames: names } : {}),
    ...(given ? {} : { normalization }),
    train: limitTraining(source(rows.train), trainImages),
    validation: source(rows.validation),
    test: source(rows.test),
    checksum: hash.digest('hex'),
    recipe: view.size <= 64 ? cifarRecipe : imagenetRecipe,
  };
}

/** Encoded images and labels in Parquet files, as Hugging Face publishes data sets. */
export const parquet = defineDataset({
  name: 'parquet',
  summary: 'images and labels in Parquet files, as Hugging Face publishes them',
  options,
  argument: 'dataDir',
  /** Throws DATA_NOT_FOUND, and BAD_DATA or BAD_IMAGE naming file, row and column. */
  open: openTables,
});
