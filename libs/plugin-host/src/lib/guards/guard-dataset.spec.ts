import { describe, expect, it } from '@jest/globals';
import type { Dataset, ImageSource } from '@winnow/plugin-api';
import { guardDataset } from './guard-dataset.ts';

/** As a plugin in JavaScript may hand it over. */
const untyped = <T>(value: unknown) => value as T;
const fail = () => {
  throw new TypeError('my own fault.');
};

describe('guardDataset', () => {
  const block = { images: new Float32Array(8), labels: Int32Array.of(0, 1) };
  const source = (read: () => unknown = () => block): ImageSource => ({
    length: 2,
    labels: Int32Array.of(0, 1),
    read: () => Promise.resolve(untyped<typeof block>(read())),
  });
  const whole = {
    name: 'mine',
    input: { height: 2, width: 2, channels: 1 },
    classes: 2,
    train: source(),
    validation: source(),
    test: source(),
    checksum: '1',
    recipe: {
      learningRate: 1,
      epochs: 1,
      dropEpochs: [],
      warmupEpochs: 0,
      weightDecay: 0,
      batchSize: 2,
    },
  };
  const open = (opened: unknown) =>
    guardDataset(untyped<Dataset>(opened), 'Data set "mine" of plugin "theirs"');
  const read = (value: () => unknown) => open({ ...whole, test: source(value) }).test.read([0, 1]);

  it('may be read', async () => {
    expect(await read(() => block)).toBe(block);
  });

  it.each<[code: string, made: () => unknown]>([
    ['BAD_DATA', () => new Float32Array(3)],
    ['BAD_DATA', () => [0, 0, 0, 0]],
    ['BAD_DATA', () => new Float32Array(4).fill(NaN)],
    ['PLUGIN_FAILED', fail],
  ])('is %s where an image file becomes something else', async (code, made) => {
    const of = (image: () => unknown) =>
      open({ ...whole, readImage: async () => Promise.resolve(image()) }).readImage!('a.png');
    const image = new Float32Array(4);
    expect(await of(() => image)).toBe(image);
    await expect(of(made)).rejects.toMatchObject({ code });
    expect(open(whole)).not.toHaveProperty('readImage');
  });

  it('is named when it throws', async () => {
    await expect(read(fail)).rejects.toMatchObject({
      code: 'PLUGIN_FAILED',
      sentence: 'Data set "mine" of plugin "theirs" failed: my own fault.',
      cause: expect.any(TypeError),
    });
  });

  it.each<[problem: string, opened: unknown]>([
    ['opened no data set', undefined],
    ['lacks "input"', { ...whole, input: { height: 2, width: 2 } }],
    ['lacks "classes"', { ...whole, classes: 1.5 }],
    [
      'has 1 class where two or more are needed',
      { ...whole, classes: 1, train: { ...source(), labels: new Int32Array(2) } },
    ],
    ['lacks "checksum"', { ...whole, checksum: '' }],
    ['lacks "recipe"', { ...whole, recipe: { ...whole.recipe, epochs: undefined } }],
    ['lacks "validation"', { ...whole, validation: undefined }],
    [
      'has labels in "test" that are no Int32Array',
      { ...whole, test: { ...source(), labels: [0, 1] } },
    ],
    ['has 2 labels for 3 images in "test"', { ...whole, test: { ...source(), length: 3 } }],
    [
      'has in "train" label 2 at place 1 where there are 2 classes',
      { ...whole, train: { ...source(), labels: Int32Array.of(0, 2) } },
    ],
  ])('is named when it %s', (problem, opened) => {
    expect(() => open(opened)).toThrow(
      expect.objectContaining({
        code: 'BAD_DATA',
        message: expect.stringContaining(`Data set "mine" of plugin "theirs" ${problem}`),
      }),
    );
  });

  it.each<[problem: string, value: unknown]>([
    ['read 0 numbers and 0 labels for 2 images of "test", which have 8', undefined],
    ['read 7 numbers and 2 labels', { ...block, images: new Float32Array(7) }],
    ['read 8 numbers and 1 labels', { ...block, labels: Int32Array.of(0) }],
    ['read from "test" images that are no Float32Array', { ...block, images: new Float64Array(8) }],
    ['read from "test" images that are no Float32Array, or', { ...block, labels: [0, 1] }],
    ['read from "test" label -1 at place 0', { ...block, labels: Int32Array.of(-1, 0) }],
    ['read NaN or infinity from "test"', { ...block, images: new Float32Array(8).fill(NaN, 7) }],
    [
      'read NaN or infinity from "test"',
      { ...block, images: new Float32Array(8).fill(Infinity, 7) },
    ],
  ])('is named when it %s', async (problem, value) => {
    await expect(read(() => value)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(`Data set "mine" of plugin "theirs" ${problem}`),
    });
  });
});
