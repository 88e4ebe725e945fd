import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { arraySource, holdOut } from '@winnow/data';
import { type DatasetDescriptor, WinnowError, defineDataset } from '@winnow/plugin-api';
import * as z from 'zod';

/** Rows of one file. */
interface Table {
  readonly labels: Int32Array;
  /** [rows, pixels], row-major. */
  readonly pixels: Float32Array;
  readonly width: number;
}

const bad = (place: string, problem: string) =>
  new WinnowError('BAD_DATA', `${place} ${problem}.`, {
    hint: 'Each line is a label from 0 and its pixels, separated by commas; a first line of names is passed over.',
  });

/** Throws BAD_DATA, naming the line. */
function parse(path: string, text: string): Table {
  const rows: Float32Array[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line === '' || (i === 0 && Number.isNaN(Number(line.split(',')[0])))) continue;
    const place = `${path}, line ${i + 1},`;
    const cells = line.split(',');
    const row = Float32Array.from(cells, (cell) => (cell.trim() === '' ? NaN : Number(cell)));
    const at = row.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw bad(place, `has "${cells[at]}" where a number is due`);
    if (!Number.isInteger(row[0]) || row[0]! < 0) throw bad(place, `has the label ${cells[0]}`);
    const due = rows[0]?.length ?? row.length;
    if (row.length !== due) throw bad(place, `has ${row.length} values, and others ${due}`);
    rows.push(row);
  }
  if (rows.length === 0) throw bad(path, 'has no images');
  const width = rows[0]!.length - 1;
  const pixels = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) pixels.set(row.subarray(1), i * width);
  return { labels: Int32Array.from(rows, (row) => row[0]!), pixels, width };
}

/** Throws BAD_DATA where a class in between has no image. */
function countClasses(path: string, labels: Int32Array): number {
  const present = new Set(labels);
  let classes = 0;
  while (present.has(classes)) classes++;
  if (classes < present.size) throw bad(path, `has no image of class ${classes}, and later ones`);
  return classes;
}

/** Mean and standard deviation of all pixels alike. */
function normalizationOf(pixels: Float32Array) {
  const mean = pixels.reduce((sum, x) => sum + x, 0) / pixels.length;
  const variance = pixels.reduce((sum, x) => sum + (x - mean) ** 2, 0) / pixels.length;
  return { mean: [mean], std: [Math.sqrt(variance) || 1] };
}

/** Grey square images in `train.csv` and `test.csv` of a folder, as MNIST is often passed on: `label,pixel,pixel,…`. */
export const csvFolder: DatasetDescriptor = defineDataset({
  name: 'csv-folder',
  summary: 'grey square images in train.csv and test.csv, a line each',
  options: z.strictObject({ csvDir: z.string().describe('folder of train.csv and test.csv') }),
  argument: 'csvDir',
  places: ['csvDir'],
  /** Throws DATA_NOT_FOUND and BAD_DATA. */
  async open({ csvDir }) {
    const hash = createHash('sha256');
    const read = async (name: string): Promise<Table> => {
      const path = join(csvDir, name);
      const bytes = await readFile(path).catch((cause: unknown) => {
        throw new WinnowError('DATA_NOT_FOUND', `Cannot read ${path}.`, {
          hint: 'Give the folder that has train.csv and test.csv: --dataset csv-folder:FOLDER.',
          cause,
        });
      });
      hash.update(bytes);
      return parse(path, bytes.toString());
    };
    const [train, test] = [await read('train.csv'), await read('test.csv')];
    const side = Math.sqrt(train.width);
    if (!Number.isInteger(side) || side === 0)
      throw bad(join(csvDir, 'train.csv'), `has ${train.width} pixels a line, which is no square`);
    if (test.width !== train.width)
      throw bad(join(csvDir, 'test.csv'), `has ${test.width} pixels a line, not ${train.width}`);
    const shape = { height: side, width: side, channels: 1 };
    const normalization = normalizationOf(train.pixels);
    const source = ({ pixels, labels }: Table) =>
      arraySource({ pixels, labels, shape, normalization });
    const classes = countClasses(join(csvDir, 'train.csv'), train.labels);
    const unknown = test.labels.find((label) => label >= classes);
    if (unknown !== undefined)
      throw bad(join(csvDir, 'test.csv'), `has the label ${unknown}, which train.csv has not`);
    return {
      name: 'csv-folder',
      input: shape,
      classes,
      normalization,
      ...holdOut(source(train), csvDir),
      test: source(test),
      checksum: hash.digest('hex'),
      recipe: {
        learningRate: 0.1,
        epochs: 40,
        dropEpochs: [20, 30],
        warmupEpochs: 0,
        weightDecay: 1e-3,
        batchSize: 128,
      },
    };
  },
});
