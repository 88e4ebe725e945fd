import { WinnowError } from '@winnow/plugin-api';
import type { SchemaTree } from 'hyparquet';
import type { ParquetTable } from './parquet-table.ts';

const IMAGE_COLUMNS = ['image', 'img'];
const LABEL_COLUMNS = ['label', 'labels', 'fine_label'];
/** Labels are kept as 32-bit numbers. */
const LARGEST_LABEL = 2 ** 31 - 1;

export interface Columns {
  readonly image: string;
  readonly label: string;
}

export function badTable(path: string, problem: string): WinnowError {
  return new WinnowError('BAD_DATA', `${path} ${problem}.`, {
    hint: 'It needs a column of images, encoded, and one of labels from 0 up; --image-column and --label-column name them.',
  });
}

/** Bytes, and not those of a text. */
function holdsBytes({ element }: SchemaTree): boolean {
  const { type, converted_type, logical_type } = element;
  const text = converted_type === 'UTF8' || logical_type?.type === 'STRING';
  return type === 'BYTE_ARRAY' && !text;
}

function typeOf({ element }: SchemaTree): string {
  return element.logical_type?.type ?? element.converted_type ?? element.type ?? 'a struct';
}

/**
 * The columns of images and of labels, known by their usual names where none is given. Throws BAD_DATA where a table lacks one,
 * or has no bytes where images should be.
 */
export function columnsOf(
  tables: readonly ParquetTable[],
  given: { readonly image: string | undefined; readonly label: string | undefined },
): Columns {
  const schemas = tables.map(({ columns }) => columns);
  const named = (known: readonly string[]) => {
    const column = known.find((name) => schemas[0]!.some(({ element }) => element.name === name));
    for (const [i, columns] of schemas.entries()) {
      const names = columns.map(({ element }) => element.name);
      if (column !== undefined && names.includes(column)) continue;
      const lacking = column ?? known.join(' or ');
      throw badTable(tables[i]!.path, `has no column ${lacking} among ${names.join(', ')}`);
    }
    return column!;
  };
  const image = named(given.image === undefined ? IMAGE_COLUMNS : [given.image]);
  for (const [i, columns] of schemas.entries()) {
    const column = columns.find(({ element }) => element.name === image)!;
    const cell = column.children.find(({ element }) => element.name === 'bytes') ?? column;
    if (holdsBytes(cell)) continue;
    throw badTable(tables[i]!.path, `has no images in column "${image}", but ${typeOf(cell)}`);
  }
  return { image, label: named(given.label === undefined ? LABEL_COLUMNS : [given.label]) };
}

/** The labels in a column, table after table. Throws BAD_DATA where one is no whole number from 0 up to 2³¹ − 1. */
export async function labelsOf(
  tables: readonly ParquetTable[],
  column: string,
): Promise<Int32Array> {
  const labels: number[] = [];
  for (const table of tables) {
    for (const [row, values] of (await table.rows(column, 0, table.groups.at(-1)!)).entries()) {
      const label = values[column];
      const number = typeof label === 'bigint' ? Number(label) : label;
      const whole = typeof number === 'number' && Number.isInteger(number);
      if (!whole || number < 0 || number > LARGEST_LABEL) {
        throw badTable(
          table.path,
          `has label ${String(label)} in row ${row} of column "${column}"`,
        );
      }
      labels.push(number);
    }
  }
  return Int32Array.from(labels);
}
