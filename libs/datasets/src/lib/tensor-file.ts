import { arraySource } from '@winnow/data';
import type { HostTensor } from '@winnow/files';
import { readSafetensors } from '@winnow/files/disk';
import { WinnowError, defineDataset } from '@winnow/plugin-api';
import * as z from 'zod';
import { checksumOf } from './checksum-of.ts';
import { toChannelsLast } from './channels-last.ts';
import { cifarRecipe } from './cifar.ts';

function bad(path: string, problem: string): WinnowError {
  return new WinnowError('BAD_DATA', `${path} ${problem}.`, {
    hint: 'It needs "images", float32 [n, channels, height, width], and "labels", int32 or int64 [n].',
  });
}

function imagesOf(path: string, tensor: HostTensor | undefined) {
  if (!tensor) throw bad(path, 'has no tensor "images"');
  const [count, channels, height, width] = tensor.shape as [number, number, number, number];
  if (!(tensor.data instanceof Float32Array) || tensor.shape.length !== 4 || !tensor.data.length) {
    throw bad(
      path,
      `has "images" of type ${tensor.data.constructor.name} and shape [${tensor.shape.join(', ')}]`,
    );
  }
  const unfit = tensor.data.findIndex((value) => !Number.isFinite(value));
  if (unfit >= 0) {
    const image = Math.floor(unfit / (channels * height * width));
    const problem = `has ${tensor.data[unfit]} in image ${image} of "images"`;
    throw new WinnowError('BAD_DATA', `${path} ${problem}.`, {
      hint: 'Every value must be finite; mend that image, or leave it out.',
    });
  }
  const shape = { height, width, channels };
  const pixels = new Float32Array(tensor.data.length);
  const imageLength = channels * height * width;
  for (let at = 0; at < pixels.length; at += imageLength) {
    toChannelsLast(shape, tensor.data, at, pixels, at);
  }
  return { count, shape, pixels };
}

function labelsOf(
  path: string,
  tensor: HostTensor | undefined,
  count: number,
  classes: number,
): Int32Array {
  if (!tensor) throw bad(path, 'has no tensor "labels"');
  const { shape, data } = tensor;
  if (!(data instanceof Int32Array || data instanceof BigInt64Array)) {
    throw bad(path, `has "labels" of type ${data.constructor.name}`);
  }
  if (shape.length !== 1 || shape[0] !== count) {
    throw bad(path, `has ${count} images and "labels" of shape [${shape.join(', ')}]`);
  }
  const labels = Array.from<number | bigint, number>(data, Number);
  const outside = labels.findIndex((label) => label < 0 || label >= classes);
  if (outside >= 0) {
    throw bad(
      path,
      `has label ${labels[outside]} at ${outside} where ${classes} classes have 0 to ${classes - 1}`,
    );
  }
  return Int32Array.from(labels);
}

/** A batch out of a file, for comparing numbers with other software: it is training, validation and test set in one. */
export const tensorFile = defineDataset({
  name: 'tensor-file',
  summary: 'normalised images and labels in a safetensors file',
  options: z.strictObject({
    path: z
      .string('give a safetensors file')
      .min(1)
      .describe('safetensors file with images [n, channels, height, width] and labels [n]'),
    classes: z.int().min(2).default(10).describe('number of classes'),
  }),
  argument: 'path',
  places: ['path'],
  /** Throws FILE_NOT_READABLE, BAD_SAFETENSORS, and BAD_DATA where images or labels are missing, of another form or out of range. */
  async open({ path, classes }) {
    const { tensors } = await readSafetensors(path);
    const { count, shape, pixels } = imagesOf(path, tensors.get('images'));
    const labels = labelsOf(path, tensors.get('labels'), count, classes);
    const images = arraySource({ pixels, labels, shape });
    return {
      name: 'tensor-file',
      input: shape,
      classes,
      train: images,
      validation: images,
      test: images,
      checksum: checksumOf(pixels, labels),
      recipe: { ...cifarRecipe, batchSize: count },
    };
  },
});
