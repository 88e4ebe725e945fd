import { readdirSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
import { lookAt } from '../look-at.ts';

/** As the names of files or folders begin, in capitals or not; `partial-` stands before those that Hugging Face converted in part. */
const PARTS = {
  train: /^(partial-)?train/i,
  validation: /^(partial-)?val/i,
  test: /^(partial-)?test/i,
};
type Part = keyof typeof PARTS;

/** Paths of the Parquet files of each part. */
export type PartFiles = Readonly<Record<Part, readonly string[]>>;

interface Placed {
  readonly name: string;
  readonly part: Part | undefined;
  /** The folder that the parts lie in: a configuration, as Hugging Face calls it. */
  readonly around: string;
}

const LAYOUT =
  'Give one file, or a folder with train-….parquet and test-….parquet, or with Parquet files in train/ and test/.';

/** The name of the file decides, then that of the folder it is in, and so on up to the data set's. */
function place(name: string): Placed {
  const segments = name.split(sep);
  for (let depth = segments.length - 1; depth >= 0; depth--) {
    const part = (Object.keys(PARTS) as Part[]).find((p) => PARTS[p].test(segments[depth]!));
    if (part) return { name, part, around: segments.slice(0, depth).join(sep) };
  }
  return { name, part: undefined, around: dirname(name) };
}

function namesIn(folder: string): string[] {
  const names = lookAt(folder, () =>
    statSync(folder, { throwIfNoEntry: false })
      ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
      : [],
  );
  const files = names.filter(
    (name) =>
      name.endsWith('.parquet') &&
      !name.split(sep).some((segment) => segment.startsWith('.')) &&
      !lookAt(join(folder, name), (path) =>
        statSync(path, { throwIfNoEntry: false }),
      )?.isDirectory(),
  );
  if (files.length > 0) return files.sort();
  throw new WinnowError('DATA_NOT_FOUND', `There is no Parquet file in ${folder}.`, {
    hint: LAYOUT,
  });
}

/**
 * The files at a path by part; all are training files where no name tells a part. Throws DATA_NOT_FOUND where there is none,
 * and BAD_DATA where only some tell theirs, none is for training, or they are of several configurations.
 */
export function parquetFiles(path: string): PartFiles {
  if (lookAt(path, () => statSync(path, { throwIfNoEntry: false }))?.isFile()) {
    return { train: [path], validation: [], test: [] };
  }
  const bad = (problem: string, hint: string) => new WinnowError('BAD_DATA', problem, { hint });
  const files = namesIn(path).map(place);
  const around = [...new Set(files.map((file) => file.around))];
  const told = files.filter(({ part }) => part);
  const stranger = files.find(({ part }) => !part);
  if (told.length > 0 && stranger) {
    throw bad(
      `${join(path, stranger.name)} is of no part, neither train nor val nor test, while ${told[0]!.name} is.`,
      'Rename it, or move it elsewhere.',
    );
  }
  if (around.length > 1) {
    throw bad(
      `${path} has Parquet files of several data sets, in ${around.join(', ')}.`,
      `Give one of them, such as ${join(path, around[0]!)}.`,
    );
  }
  const only = (which: Part) =>
    files.filter(({ part }) => part === which).map(({ name }) => join(path, name));
  if (told.length === 0) {
    return { train: files.map(({ name }) => join(path, name)), validation: [], test: [] };
  }
  const parts = { train: only('train'), validation: only('validation'), test: only('test') };
  if (parts.train.length > 0) return parts;
  throw bad(
    `${path} has Parquet files for ${told[0]!.part}, such as ${told[0]!.name}, and none for training.`,
    LAYOUT,
  );
}
