import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pluginFolder } from '../testing/plugin-folder.ts';
import { runWinnow, runWinnowIn } from '../testing/run-winnow.ts';

const ONE_IMAGE = `
import { arraySource } from '@winnow/data';
import { defineDataset, definePlugin } from '@winnow/plugin-api';
import * as z from 'zod';

const shape = { height: 8, width: 8, channels: 1 };
const part = (count) => arraySource({ pixels: new Float32Array(64 * count), labels: new Int32Array(count), shape });
const recipe = { learningRate: 0.1, epochs: 2, dropEpochs: [], warmupEpochs: 0, weightDecay: 0, batchSize: 16 };
export default definePlugin({
  name: 'one-image',
  components: [defineDataset({
    name: 'one-image', summary: 'too few', options: z.strictObject({}),
    open: async () => ({ name: 'one-image', input: shape, classes: 2, train: part(1), validation: part(2), test: part(2), checksum: '1', recipe }),
  })],
});
`;

let folder: string;
beforeAll(async () => {
  folder = await pluginFolder({ 'one.mjs': ONE_IMAGE });
});
afterAll(() => rm(folder, { recursive: true }));

const DIGITS = '--dataset digits --model resnet8';

/** The one line that refuses, and nothing else. */
async function refusal(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await runWinnowIn(folder, ...args);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^.+\n$/);
  expect(existsSync(join(folder, 'runs'))).toBe(false);
  return stderr.trimEnd();
}

describe('an option of the command line is refused by its flag', () => {
  const fewer = 'Give at most --batch-size 1294, or train on more images.';
  it.each([
    ['--epochs 0', 'error [INVALID_OPTION]: --epochs must be at least 1.'],
    ['--epochs -1', 'error [INVALID_OPTION]: --epochs must be at least 1.'],
    ['--epochs 1.5', 'error [INVALID_OPTION]: --epochs must be a whole number.'],
    ['--epochs 1e15', 'error [INVALID_OPTION]: --epochs must be at most 1,000,000.'],
    [
      '--epochs 1e400',
      "error: option '--epochs <n>' argument '1e400' is invalid. It is larger than any number here.",
    ],
    ['--rewind-epochs -1', 'error [INVALID_OPTION]: --rewind-epochs must be at least 0.'],
    [
      '--rewind-epochs 2 --epochs 2',
      'error [INVALID_OPTION]: The rewind point is after epoch 2, and training ends after epoch 2. Give fewer --rewind-epochs or more --epochs.',
    ],
    ['--learning-rate 0', 'error [INVALID_OPTION]: --learning-rate must be more than 0.'],
    ['--weight-decay -1', 'error [INVALID_OPTION]: --weight-decay must be at least 0.'],
    ['--batch-size 1', 'error [INVALID_OPTION]: --batch-size must be at least 2.'],
    [
      '--batch-size 5000',
      `error [INVALID_OPTION]: --batch-size is 5000, and there are 1294 images to train on. ${fewer}`,
    ],
    ['--out=', 'error [INVALID_OPTION]: --out is empty. Give a path, or leave it out.'],
    ['--fine-tune-epochs 0', 'error [INVALID_OPTION]: --fine-tune-epochs must be at least 1.'],
    ['--search-epochs 0', 'error [INVALID_OPTION]: --search-epochs must be at least 1.'],
    ['--search-epochs 1e15', 'error [INVALID_OPTION]: --search-epochs must be at most 1,000,000.'],
    ['--method ltr --rate 1', 'error [INVALID_OPTION]: --rate must be less than 1.'],
    [
      '--method snip --iterations 0 --examples-per-class 1.5',
      'error [INVALID_OPTION]: --iterations must be at least 1; --examples-per-class must be a whole number.',
    ],
    [
      '--label-column x',
      'error [OPTION_NOT_USED]: None of model "resnet8", data set "digits", method "cts", objective "kl" has an option --label-column. Leave it out, or choose what has it; --help tells.',
    ],
    [
      '--seed -1',
      "error: option '--seed <n>' argument '-1' is invalid. It must be a whole number, at least 0.",
    ],
    [
      '--density 0x1',
      "error: option '--density <κ>' argument '0x1' is invalid. Write it in decimal digits.",
    ],
    [
      '--density 0.7%',
      "error: option '--density <κ>' argument '0.7%' is invalid. It is to be a fraction: 0.7% is 0.007.",
    ],
    [
      '--layer-density head.*=5%',
      "error: option '--layer-density <pattern=κ>' argument 'head.*=5%' is invalid. It is to be a fraction: 5% is 0.05.",
    ],
    [
      '--model vgg16',
      'error [IMAGES_TOO_SMALL]: vgg16 has a layer with no pixels left of images of 8×8. Give at least 16×16, or choose a network with fewer poolings.',
    ],
  ])('%s', async (args, message) => {
    const density = args.includes('--density') ? [] : ['--density', '0.1'];
    expect(await refusal('run', ...DIGITS.split(' '), ...density, ...args.split(' '))).toBe(
      message,
    );
  });

  it.each([
    [
      '--batch 1e9',
      'error [INVALID_OPTION]: A batch of 1000000000 images of 32×32×3 is more than fits into memory. Lower --batch, --image-size or --channels.',
    ],
    [
      '--classes 1',
      "error: option '--classes <number>' argument '1' is invalid. It must be a whole number, at least 2.",
    ],
    [
      '--steps 1e15',
      "error: option '--steps <count>' argument '1e15' is invalid. It must be at most 1,000,000.",
    ],
  ])('bench %s', async (args, message) => {
    expect(await refusal('bench', ...args.split(' '))).toBe(message);
  });

  it('and one that is lacking', async () => {
    const how = '--dataset image-folder --model resnet8 --density 0.1';
    expect(await refusal('run', ...how.split(' '))).toBe(
      'error [INVALID_OPTION]: --data-dir: give the folder that holds the data.',
    );
  });

  it('and a folder that cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    const args = `${DIGITS} --density 0.1 --method random --start init --out file/run`.split(' ');
    expect(await refusal('run', ...args)).toBe(
      "error [FILE_NOT_WRITABLE]: Cannot write file/run/run.lock (ENOTDIR: not a directory, mkdir '" +
        `${folder}/file/run'). A part of the path is a file: choose another one.`,
    );
  });

  (existsSync('/proc/self') ? it : it.skip)('and one under /proc', async () => {
    const how = `${DIGITS} --density 0.1 --method random --start init --out /proc/winnow/run`;
    expect(await refusal('run', ...how.split(' '))).toBe(
      "error [FILE_NOT_WRITABLE]: Cannot write /proc/winnow/run/run.lock (ENOENT: no such file or directory, mkdir '/proc/winnow'). Its folder cannot be made: give a place that you may write to, with --out, say.",
    );
  });
});

const FRACTION = 'Give the fraction of weights to keep: 0.01 for 99 % sparse.';

describe('a setting of winnow.yaml is refused by its key and line', () => {
  afterAll(() => rm(join(folder, 'winnow.yaml')));

  it.each([
    ['epochs: 0', '"epochs" must be at least 1. Mend the line.'],
    ['searchEpochs: few', '"searchEpochs" must be a number. Mend the line.'],
    ['search-epochs: 0', '"search-epochs" must be at least 1. Mend the line.'],
    [
      'batch-size: 5000',
      '"batch-size" is 5000, and there are 1294 images to train on. Give at most "batch-size" 1294, or train on more images.',
    ],
    ['density: 0.7%', '"density" cannot be "0.7%". It is to be a fraction: 0.7% is 0.007.'],
    [
      'density: 2',
      'Density 2 is not above 0 and at most 1. Give the fraction of weights to keep: 0.01 for 99 % sparse.',
    ],
    [
      'label-column: x',
      'None of model "resnet8", data set "digits", method "cts", objective "kl" has an option "label-column". Leave it out, or choose what has it; --help tells.',
    ],
  ])('%s', async (setting, message) => {
    await writeFile(join(folder, 'winnow.yaml'), `run:\n  ${setting}\n`);
    const density = setting.startsWith('density') ? [] : ['--density', '0.1'];
    expect(await refusal('run', ...DIGITS.split(' '), ...density)).toBe(
      `error [BAD_CONFIG]: winnow.yaml, line 2: ${message}`,
    );
  });

  it.each([
    [
      'density: 0.1',
      '--layer-density head.*=7',
      `[BAD_DENSITY]: Density 7 is not above 0 and at most 1. ${FRACTION}`,
    ],
    [
      "layer-density: ['head.*=7']",
      '--density 0.1',
      `[BAD_CONFIG]: winnow.yaml, line 2: Density 7 is not above 0 and at most 1. ${FRACTION}`,
    ],
  ])('blames %s for a density only where it has it, beside %s', async (setting, flags, message) => {
    await writeFile(join(folder, 'winnow.yaml'), `run:\n  ${setting}\n`);
    const told = await refusal('run', ...DIGITS.split(' '), ...flags.split(' '));
    expect(told).toBe(`error ${message}`);
  });
});

describe('a setting of a study is refused by its key and line', () => {
  it.each([
    ['epochs: 0', '"epochs" cannot be 0. It must be at least 1.'],
    ['epochs: 1.0e+15', '"epochs" cannot be 1000000000000000. It must be at most 1,000,000.'],
    ['search-epochs: 0', 'of method "cts": "search-epochs" must be at least 1. Mend the line.'],
    ['seed: 0.7%', '"seed" cannot be "0.7%". It must be a number: 0.7% is 0.007.'],
    [
      'batch-size: 5000',
      'of method "cts": "batch-size" is 5000, and there are 1294 images to train on. Give at most "batch-size" 1294, or train on more images.',
    ],
    [
      'rewind-epochs: 900',
      'of method "cts": The rewind point is after epoch 900, and training ends after epoch 40. Give fewer "rewind-epochs" or more "epochs".',
    ],
  ])('%s', async (setting, message) => {
    const base = `base:\n  dataset: digits\n  model: resnet8\n  density: 0.1\n  ${setting}\n`;
    await writeFile(join(folder, 'study.yaml'), base);
    expect(await refusal('study', 'plan', 'study.yaml')).toBe(
      `error [BAD_STUDY]: study.yaml, line 5: ${message}`,
    );
  });

  it('as is an option of its executor', async () => {
    const study = 'base:\n  dataset: digits\n  model: resnet8\n  density: 0.1\n';
    const executor = 'executor:\n  name: local\n  hang-minutes: -1\n';
    await writeFile(join(folder, 'study.yaml'), study + executor);
    expect(await refusal('study', 'run', 'study.yaml', '--dry-run')).toBe(
      'error [BAD_STUDY]: study.yaml, line 7: "hang-minutes" must be at least 0. Mend the line.',
    );
  });
});

it('refuses data of one image', async () => {
  const args = '--plugin one.mjs --dataset one-image --model resnet8 --density 0.5';
  expect(await refusal('run', ...args.split(' '))).toBe(
    'error [BAD_DATA]: "one-image" has too few images to train on (1): a batch needs two at least. Add images, or raise --train-images where it is given.',
  );
});

it.each(['resume', 'report'])('refuses an empty path that %s is given', async (command) => {
  expect((await runWinnow(command, '')).stderr).toMatch(
    /^error \[INVALID_OPTION\]: <runs?> is empty\./,
  );
});

it('an option that a configuration file gives is not lacking, and others are', async () => {
  const within = ['run', '--epochs', '0', '--config', 'own.yaml'];
  await writeFile(join(folder, 'own.yaml'), 'run:\n  dataset: digits\n');
  expect(await refusal(...within)).toBe('error [INVALID_OPTION]: --epochs must be at least 1.');
  await writeFile(join(folder, 'own.yaml'), 'run:\n  model: lenet\n');
  expect(await refusal(...within)).toBe(
    "error: required option '--dataset <name[:value]>' not specified",
  );
});

it.each([
  ['run --datset digits', "error: unknown option '--datset' (Did you mean --dataset?)"],
  ['run --model lenet', "error: required option '--dataset <name[:value]>' not specified"],
  ['data bench --datset digits', "error: unknown option '--datset' (Did you mean --dataset?)"],
  ['data bench', "error: required option '--dataset <name[:value]>' not specified"],
])('an option that %s lacks is told as misspelt where it is', async (words, message) => {
  expect(await refusal(...words.split(' '))).toBe(message);
});
