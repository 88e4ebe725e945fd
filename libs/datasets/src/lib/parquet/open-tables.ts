import { createHash } from 'node:crypto';
import { heldOut } from '@winnow/data';
import type { Dataset, OpenSetting } from '@winnow/plugin-api';
import { arrangeParts } from '../arrange-parts.ts';
import type { EncodedImages } from '../images/encoded-source.ts';
import { spreadSample } from '../images/pixel-sample.ts';
import { streamedDataset } from '../images/streamed-dataset.ts';
import { type ViewOptions, givenNormalization, viewOf } from '../images/view-options.ts';
import { classesIn, refuseOtherNames } from './class-labels.ts';
import { badTable, columnsOf, labelsOf } from './columns.ts';
import { UNLABELLED } from './label-values.ts';
import { parquetFiles } from './parquet-files.ts';
import { type ParquetTable, openParquet } from './parquet-table.ts';
import { RowCache } from './row-cache.ts';

function rowsOf(
  tables: readonly ParquetTable[],
  labels: Int32Array,
  column: string,
  cache: RowCache,
): EncodedImages {
  let next = 0;
  const firsts = tables.map(({ groups }) => (next += groups.at(-1)!) - groups.at(-1)!);
  const placeOf = (index: number) => {
    const table = firsts.findLastIndex((first) => first <= index);
    return { table: tables[table]!, row: index - firsts[table]! };
  };
  const nameOf = (index: number) => {
    const { table, row } = placeOf(index);
    return `row ${row} of ${table.path}, column "${column}"`;
  };
  return {
    labels,
    nameOf,
    async encoded(index) {
      const { table, row } = placeOf(index);
      const bytes = await cache.bytes(table, row);
      if (!bytes) throw new TypeError('it holds no bytes');
      return bytes;
    },
  };
}

function splitRows(path: string, images: EncodedImages) {
  const { kept, held } = heldOut(images.labels, path);
  const only = (indices: Int32Array): EncodedImages => ({
    labels: indices.map((i) => images.labels[i]!),
    encoded: (i) => images.encoded(indices[i]!),
    nameOf: (i) => images.nameOf(indices[i]!),
  });
  return { kept: only(kept), held: only(held) };
}

/** The options of `parquet`. */
export interface ParquetOptions extends ViewOptions {
  readonly dataDir: string;
  readonly trainImages?: number | undefined;
  readonly imageColumn?: string | undefined;
  readonly labelColumn?: string | undefined;
}

/** Opens what `parquet` describes. Throws DATA_NOT_FOUND, and BAD_DATA or BAD_IMAGE naming file, row and column. */
export async function openTables(
  { dataDir, trainImages, imageColumn, labelColumn, ...viewing }: ParquetOptions,
  setting?: OpenSetting,
): Promise<Dataset> {
  const normalization = givenNormalization(viewing);
  const files = parquetFiles(dataDir);
  const tables = (paths: readonly string[]) => Promise.all(paths.map((path) => openParquet(path)));
  const parts = {
    train: await tables(files.train),
    validation: await tables(files.validation),
    test: await tables(files.test),
  };
  const columns = columnsOf([...parts.train, ...parts.validation, ...parts.test], {
    image: imageColumn,
    label: labelColumn,
  });
  const cache = new RowCache(columns.image);
  const hash = createHash('sha256');
  const notes: string[] = [];
  const read = async (part: 'train' | 'validation' | 'test') => {
    const labels = await labelsOf(parts[part], columns.label);
    if (part === 'train' && !labels?.length) {
      const [{ path }] = parts.train as [ParquetTable];
      throw badTable(path, `has no image with a label in column "${columns.label}"`);
    }
    if (!labels) {
      notes.push(
        `The images for ${part} in ${dataDir} have no labels (${UNLABELLED}) and are left out.`,
      );
      return undefined;
    }
    for (const { footer } of parts[part]) hash.update(footer);
    hash.update(labels);
    return labels.length > 0 ? rowsOf(parts[part], labels, columns.image, cache) : undefined;
  };
  const given = {
    train: (await read('train'))!,
    validation: await read('validation'),
    test: await read('test'),
  };
  const taken = (['train', 'validation', 'test'] as const).filter((part) => given[part]);
  const labelled = taken.flatMap((part) => parts[part]);
  refuseOtherNames(labelled, columns.label);
  const { classes, names } = classesIn(labelled, columns.label, given);
  const rows = arrangeParts(given, (images) => splitRows(dataDir, images));

  const seen = await viewOf(rows.train, spreadSample(rows.train.labels.length), viewing);
  return streamedDataset(
    {
      name: 'parquet',
      parts: rows,
      view: seen.view,
      normalization,
      classes,
      classNames: names,
      checksum: hash.digest('hex'),
      trainImages,
      notes: [...notes, ...seen.notes],
    },
    setting,
  );
}
