import type { StoredSize } from '@winnow/exchange/files';

const bytes = (n: number) => n.toLocaleString('en').padStart(12);

/** Lines of a table: what takes how many bytes, plain and gzipped. */
export function sizeTable(sizes: Readonly<Record<string, StoredSize>>): string[] {
  return [
    `${'bytes'.padEnd(32)}${'plain'.padStart(12)}${'gzipped'.padStart(12)}`,
    ...Object.entries(sizes).map(
      ([name, size]) => name.padEnd(32) + bytes(size.bytes) + bytes(size.gzipped),
    ),
  ];
}

/** What a network takes, whichever file it is in. */
export const DENSE = 'dense, float32';
export const SPARSE = 'kept weights and their indices';
