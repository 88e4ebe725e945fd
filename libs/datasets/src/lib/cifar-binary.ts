import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readWhole } from '@winnow/files/disk';
import { WinnowError } from '@winnow/plugin-api';
import { toChannelsLast } from './channels-last.ts';

export const CIFAR_SHAPE = { height: 32, width: 32, channels: 3 };
const PIXELS = 32 * 32 * 3;

const HINT =
  'Winnow needs the binary version from https://www.cs.toronto.edu/~kriz/cifar.html, unpacked; `winnow data fetch` does both.';

/** A file of records: the label bytes, of which the last counts, then the pixels [3, 32, 32]. */
interface RecordFile {
  readonly name: string;
  readonly records: number;
}

/** How a data set of the CIFAR family lies on a disk. */
export interface CifarFormat {
  readonly title: string;
  /** The folder that its archive unpacks to. */
  readonly folder: string;
  readonly classes: number;
  readonly labelBytes: number;
  readonly trainFiles: readonly RecordFile[];
  readonly testFiles: readonly RecordFile[];
}

export interface CifarImages {
  /** [n, 32, 32, 3] */
  readonly pixels: Uint8Array;
  /** [n] */
  readonly labels: Int32Array;
}

async function findFolder({ title, folder }: CifarFormat, dataDir: string): Promise<string> {
  for (const path of [join(dataDir, folder), dataDir]) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) return path;
  }
  throw new WinnowError(
    'DATA_NOT_FOUND',
    `${title} was not found, for --data-dir ${dataDir} is no folder.`,
    { hint: HINT },
  );
}

async function checkFiles(format: CifarFormat, folder: string): Promise<void> {
  const { title, labelBytes, trainFiles, testFiles } = format;
  const files = [...trainFiles, ...testFiles];
  const found = await Promise.all(
    files.map(({ name }) => stat(join(folder, name)).catch(() => undefined)),
  );
  const missing = files.filter((_, i) => !found[i]?.isFile()).map(({ name }) => name);
  if (missing.length > 0) {
    throw new WinnowError(
      'DATA_NOT_FOUND',
      `${title} was not found in ${folder}, which lacks ${missing.join(', ')}.`,
      { hint: HINT },
    );
  }
  files.forEach(({ name, records }, i) => {
    const size = found[i]!.size;
    const expected = records * (labelBytes + PIXELS);
    if (size === expected) return;
    throw new WinnowError(
      'BAD_DATA',
      `${join(folder, name)} has ${size} bytes where ${title} has ${expected} (${records} records).`,
      { hint: `Unpack or download it again. ${HINT}` },
    );
  });
}

/**
 * Reads the images of a folder, or of its subfolder of the standard name; `checksum` is the SHA-256 of
 * all files one after another. Every file is looked at before one is read. Throws DATA_NOT_FOUND where
 * the folder or a file is missing, BAD_DATA where a file's size or a label is not the standard's.
 */
export async function readCifar(
  format: CifarFormat,
  dataDir: string,
): Promise<{ train: CifarImages; test: CifarImages; checksum: string }> {
  const { title, classes, labelBytes } = format;
  const folder = await findFolder(format, dataDir);
  await checkFiles(format, folder);
  const hash = createHash('sha256');

  async function readAll(files: readonly RecordFile[]): Promise<CifarImages> {
    const count = files.reduce((sum, { records }) => sum + records, 0);
    const pixels = new Uint8Array(count * PIXELS);
    const labels = new Int32Array(count);
    let image = 0;
    for (const { name, records } of files) {
      const path = join(folder, name);
      const bytes = await readWhole(path);
      hash.update(bytes);
      for (let record = 0; record < records; record++, image++) {
        const from = record * (labelBytes + PIXELS) + labelBytes;
        const label = bytes[from - 1]!;
        if (label >= classes) {
          throw new WinnowError(
            'BAD_DATA',
            `Record ${record} of ${path} has label ${label} where ${title} has 0 to ${classes - 1}.`,
            { hint: HINT },
          );
        }
        labels[image] = label;
        toChannelsLast(CIFAR_SHAPE, bytes, from, pixels, image * PIXELS);
      }
    }
    return { pixels, labels };
  }

  const train = await readAll(format.trainFiles);
  const test = await readAll(format.testFiles);
  return { train, test, checksum: hash.digest('hex') };
}
