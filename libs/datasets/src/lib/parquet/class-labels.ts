import { WinnowError } from '@winnow/plugin-api';
import type { EncodedImages } from '../images/encoded-source.ts';
import type { ParquetTable } from './parquet-table.ts';

interface HuggingFace {
  readonly info?: {
    readonly features?: Readonly<
      Record<string, { readonly names?: readonly string[] | Readonly<Record<string, string>> }>
    >;
  };
}

/** The names of the classes, which Hugging Face writes into the footer. */
function namesIn({ keyValues }: ParquetTable, column: string): readonly string[] | undefined {
  const text = keyValues.find(({ key }) => key === 'huggingface')?.value;
  if (text === undefined) return undefined;
  try {
    const { names } = (JSON.parse(text) as HuggingFace).info?.features?.[column] ?? {};
    const list = Object.values(names ?? {});
    return list.length > 0 && list.every((name) => typeof name === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Throws BAD_DATA where tables name the classes differently: their labels are indices into their own names. Those without names
 * pass.
 */
export function refuseOtherNames(tables: readonly ParquetTable[], column: string): void {
  const named = tables.flatMap((table) => {
    const names = namesIn(table, column);
    return names ? [{ path: table.path, names }] : [];
  });
  const [first, ...others] = named;
  const quoted = (name: string | undefined) => (name === undefined ? 'no name' : `"${name}"`);
  for (const { path, names } of others) {
    const length = Math.max(names.length, first!.names.length);
    const label = Array.from({ length }).findIndex((_, i) => names[i] !== first!.names[i]);
    if (label < 0) continue;
    throw new WinnowError(
      'BAD_DATA',
      `${path} has ${quoted(names[label])} for label ${label} of column "${column}", and ${first!.path} has ${quoted(first!.names[label])}.`,
      { hint: 'Write all files anew with the same names of classes, in the same order.' },
    );
  }
}

/**
 * The number of classes, which is that of their names, in whichever table these stand, or one more than the highest training
 * label; and the names. Throws BAD_DATA where a label is beyond them.
 */
export function classesIn(
  tables: readonly ParquetTable[],
  column: string,
  parts: { readonly train: EncodedImages } & Readonly<Record<string, EncodedImages | undefined>>,
): { classes: number; names: readonly string[] | undefined } {
  const names = tables.map((table) => namesIn(table, column)).find((own) => own !== undefined);
  const classes = names?.length ?? parts.train.labels.reduce((a, b) => Math.max(a, b), 0) + 1;
  for (const { labels, nameOf } of Object.values(parts).filter((part) => part !== undefined)) {
    const outside = labels.findIndex((label) => label >= classes);
    if (outside < 0) continue;
    throw new WinnowError(
      'BAD_DATA',
      `The label of ${nameOf(outside)} is ${labels[outside]} where ${classes} classes have 0 to ${classes - 1}.`,
      { hint: 'Give the column of the labels in --label-column.' },
    );
  }
  if (classes < 2) {
    throw new WinnowError('BAD_DATA', `${tables[0]!.path} has images of one class only.`, {
      hint: 'Give the column of the labels in --label-column.',
    });
  }
  return { classes, names };
}
