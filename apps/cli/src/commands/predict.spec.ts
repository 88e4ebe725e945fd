import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Prediction } from '@winnow/experiments';
import { greyPng } from '../testing/grey-png.ts';
import { runWinnow } from '../testing/run-winnow.ts';

jest.setTimeout(60_000);
const DIGITS = fileURLToPath(
  new URL('../../../../libs/datasets/assets/digits.csv.gz', import.meta.url),
);
let folder: string;
let run: string;

/** The 360 test images, every fifth of the file, as PNGs whose names end with the digit. */
async function writeDigits(into: string): Promise<void> {
  const lines = gunzipSync(await readFile(DIGITS))
    .toString()
    .trim()
    .split('\n');
  await mkdir(into);
  for (let i = 0; i < lines.length; i += 5) {
    const numbers = lines[i]!.split(',').map(Number);
    const bytes = Uint8Array.from(numbers.slice(0, 64), (pixel) => Math.round((255 * pixel) / 16));
    await writeFile(join(into, `${1000 + i}-${numbers[64]}.png`), greyPng(bytes, 8));
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-predict-'));
  run = join(folder, 'run');
  await writeDigits(join(folder, 'test'));
  const { status } = await runWinnow(
    ...['run', '--dataset', 'digits', '--model', 'resnet8', '--method', 'magnitude'],
    ...['--density', '0.2', '--epochs', '3', '--start', 'init', '--out', run],
  );
  expect(status).toBe(0);
});
afterAll(() => rm(folder, { recursive: true }));

const predict = (...args: string[]) => runWinnow('predict', run, ...args);

describe('winnow predict', () => {
  it('freezes a run that was not, and takes the test images for what its frozen network does', async () => {
    const first = await predict(join(folder, 'test', '1000-0.png'), '--top', '1');
    expect(first.stderr).toMatch(/^note: frozen first, over 1,294 training images: .+\n$/);
    expect(first.stdout).toMatch(/1000-0\.png: \d \(\d+\.\d %\)\n$/);

    const frozen = await runWinnow('freeze', run, '--json');
    const { after } = JSON.parse(frozen.stdout) as { after: { accuracy: number } };
    const { stdout, stderr } = await predict(join(folder, 'test'), '--top', '99', '--json');
    expect(stderr).toBe('');
    const predictions = JSON.parse(stdout) as Prediction[];
    const right = predictions.filter(({ image, classes }) =>
      image.endsWith(`-${classes[0]!.label}.png`),
    );
    expect(right.length).toBe(Math.round(360 * after.accuracy));
    for (const { classes } of predictions) {
      expect(new Set(classes.map(({ label }) => label)).size).toBe(10);
      const sum = classes.reduce((total, { probability }) => total + probability, 0);
      expect(sum).toBeCloseTo(1, 12);
    }
    // An image's neighbours are nothing to it.
    const alone = await predict(predictions[7]!.image, '--top', '99', '--json');
    const probabilities = ({ classes }: Prediction) => classes.map((c) => c.probability);
    const [own] = JSON.parse(alone.stdout) as Prediction[];
    probabilities(own!).forEach((p, i) =>
      expect(p).toBeCloseTo(probabilities(predictions[7]!)[i]!, 5),
    );
  });

  it('refuses what is no image of the data set, and a run without a result', async () => {
    const wide = join(folder, 'wide.png');
    await writeFile(wide, greyPng(new Uint8Array(80), 10));
    const unfinished = join(folder, 'unfinished');
    await runWinnow(
      ...['run', '--dataset', 'digits', '--model', 'lenet', '--method', 'random'],
      ...['--density', '0.2', '--start', 'init', '--until', 'ticket', '--out', unfinished],
    );
    const outcomes = [
      await predict(wide),
      await predict(join(folder, 'test', '1000-0.png'), join(folder, 'no.png')),
      await runWinnow('predict', unfinished, join(folder, 'test')),
      await runWinnow('predict', folder, wide),
    ];
    expect(outcomes.map(({ stderr }) => /^error \[(\w+)\]: .+\n$/.exec(stderr)?.[1])).toEqual([
      ...['BAD_IMAGE', 'FILE_NOT_READABLE', 'RUN_NOT_FINISHED', 'NOT_A_RUN'],
    ]);
    expect(outcomes.every(({ status, stdout }) => status === 1 && stdout === '')).toBe(true);
  });
});
