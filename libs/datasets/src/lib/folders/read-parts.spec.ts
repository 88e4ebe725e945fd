import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readParts } from './read-parts.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-parts-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** Files that are named as images, which is all that is looked at here. */
async function put(folder: string, count: number, extension = 'png'): Promise<void> {
  for (let i = 0; i < count; i++) {
    const path = join(dir, folder, `${i}.${extension}`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'x');
  }
}

/** Ants and bees, as many of each. */
async function putTree(folder: string, count: number): Promise<void> {
  for (const name of ['ant', 'bee']) await put(join(folder, name), count);
}

/** The classes, and the images for choosing a network, training and validation, and for testing. */
function read() {
  const { train, validation, test } = readParts(dir);
  const images = [train.paths.length + validation.paths.length, test.paths.length];
  return { classes: train.classes, images };
}

const refused = (message: string) =>
  expect(() => readParts(dir)).toThrow(
    expect.objectContaining({ code: 'BAD_DATA', message: expect.stringContaining(message) }),
  );

describe('the parts of a folder', () => {
  it.each([
    ['Train', 'Test'],
    ['Training', 'Testing'],
    ['TRAIN', 'Valid'],
  ])('may be called %s and %s', async (train, other) => {
    await putTree(train, 20);
    await putTree(other, 5);
    expect(read()).toEqual({ classes: ['ant', 'bee'], images: [40, 10] });
  });

  it('are three where all are there', async () => {
    await putTree('training', 20);
    await putTree('Validation', 3);
    await putTree('test', 5);
    const { train, validation, test } = readParts(dir);
    expect([train, validation, test].map(({ paths }) => paths.length)).toEqual([40, 6, 10]);
  });

  it.each([
    ['testing', 'test'],
    ['val', 'valid'],
    ['Training', 'train'],
  ])('are not two of one, %s and %s', async (one, other) => {
    for (const name of new Set(['train', one, other])) await putTree(name, 10);
    const [first, second] = [one, other].sort();
    refused(`${dir} has two folders of one part, ${first} and ${second}.`);
  });

  it('leave out no folder with images', async () => {
    await putTree('train', 20);
    await putTree('holdout', 5);
    refused(
      `${join(dir, 'holdout')} holds images and is of no part, neither train nor val nor test, while train beside it is.`,
    );
  });

  it('may lie beside folders without images', async () => {
    await putTree('Train', 20);
    await putTree('.thumbnails', 5);
    await put('annotations', 5, 'xml');
    // As macOS packs archives.
    await mkdir(join(dir, '__MACOSX/Train'), { recursive: true });
    await writeFile(join(dir, '__MACOSX/Train/._0.png'), 'x');
    expect(read()).toEqual({ classes: ['ant', 'bee'], images: [36, 4] });
  });

  it('are not taken for classes where they have other names', async () => {
    await putTree('training_set', 20);
    await putTree('test_set', 5);
    refused(
      `The folders test_set, training_set of ${dir} have no images but in folders of their own, so they look like parts of the data, not like classes. Call the parts train, val and test;`,
    );
  });

  it('are not suspected in classes called so that hold images', async () => {
    await putTree('train station', 10);
    await putTree('test tube', 10);
    await put('test tube', 1);
    expect(read()).toEqual({ classes: ['test tube', 'train station'], images: [37, 4] });
  });

  it('are not suspected in classes of other names', async () => {
    await putTree('day', 10);
    await putTree('night', 10);
    expect(read()).toEqual({ classes: ['day', 'night'], images: [36, 4] });
  });

  it('are not two where one is empty', async () => {
    await putTree('train', 20);
    await mkdir(join(dir, 'training/ant'), { recursive: true });
    expect(read()).toEqual({ classes: ['ant', 'bee'], images: [36, 4] });
  });
});
