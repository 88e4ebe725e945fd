import { WinnowError } from '@winnow/plugin-api';
import type { SchemaTree } from 'hyparquet';
import { UNLABELLED } from './label-values.ts';
import type { ParquetTable } from './parquet-table.ts';

const IMAGE_COLUMNS = ['image', 'img'];
const LABEL_COLUMNS = ['label', 'labels', 'fine_label'];

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

function badLabel(path: string, column: string, row: number, wrong: string): WinnowError {
  const problem = `has label ${wrong} in row ${row} of column "${column}"`;
  if (Number(wrong) !== UNLABELLED) return badTable(path, problem);
  return new WinnowError('BAD_DATA', `${path} ${problem}, which stands for no label.`, {
    hint: 'Take images without labels out; a part for validation or testing that has none at all is passed over.',
  });
}

/**
 * The labels in a column, table after table; nothing where none of the images has one. Throws BAD_DATA where one is no whole
 * number from 0 up to `LARGEST_LABEL`.
 */
export async function labelsOf(
  tables: readonly ParquetTable[],
  column: string,
): Promise<Int32Array | undefined> {
  const all = new Int32Array(tables.reduce((sum, { groups }) => sum + groups.at(-1)!, 0));
  let at = 0;
  let problem: WinnowError | undefined;
  for (const table of tables) {
    for (const [group, first] of table.groups.slice(0, -1).entries()) {
      if (first === table.groups[group + 1]) continue;
      const { labels, wrong, unlabelled = false } = await table.labels(column, group);
      if (wrong !== undefined)
        problem ??= badLabel(table.path, column, first + labels.length, wrong);
      // As long as nothing has a label, nothing may have to.
      if (problem && (at > 0 || !unlabelled)) throw problem;
      all.set(labels, at);
      at += labels.length;
    }
  }
  return problem ? undefined : all;
}
