import { type GraphShape, type ImageShape, type Sides, WinnowError } from '@winnow/plugin-api';
import { extentsOf } from './extent.ts';

/** A shape as errors show it. */
export const shownShape = (shape: GraphShape) => `[${extentsOf(shape).join(', ')}]`;

const misfit = (sentence: string, hint: string) => new WinnowError('BAD_MODEL', sentence, { hint });

/** What takes images alone. Throws BAD_MODEL. */
export function imagesIn(taker: string, shape: GraphShape): ImageShape {
  if (!('units' in shape)) return shape;
  throw misfit(
    `${taker} is of features ${shownShape(shape)}.`,
    'It takes images: put it before what makes features of them, or `reshape`.',
  );
}

/** How many features come to what takes these alone. Throws BAD_MODEL. */
export function featuresIn(taker: string, shape: GraphShape): number {
  if ('units' in shape) return shape.units;
  throw misfit(
    `${taker} is of images ${shownShape(shape)}.`,
    'It takes features: put `flatten` or `globalAveragePool` before it.',
  );
}

/** Throws BAD_MODEL. */
export function assertAlike(what: string, x: GraphShape, y: GraphShape): void {
  if (extentsOf(x).join() === extentsOf(y).join()) return;
  throw misfit(`${what} is of ${shownShape(x)} and ${shownShape(y)}.`, 'Both have one shape.');
}

/** Throws BAD_MODEL. */
export function assertMultiply(x: GraphShape, y: GraphShape): void {
  const onePixel = 'units' in x ? x : { ...x, height: 1, width: 1 };
  if ([x, onePixel].some((shape) => extentsOf(shape).join() === extentsOf(y).join())) return;
  throw misfit(
    `A product is of ${shownShape(x)} and ${shownShape(y)}.`,
    'Both have one shape, or the second is images of one pixel with the channels of the first.',
  );
}

/** Throws BAD_MODEL where they differ in more than their channels. */
export function assertJoin(shapes: readonly GraphShape[]): void {
  const besideChannels = shapes.map((shape) => extentsOf(shape).slice(0, -1).join());
  if (new Set(besideChannels).size === 1) return;
  throw misfit(
    `A concatenation is of ${shapes.map(shownShape).join(' and ')}.`,
    'All are features, or images of one height and width.',
  );
}

/** Throws BAD_MODEL. */
export function assertReshape(from: GraphShape, to: GraphShape): void {
  const size = (shape: GraphShape) => extentsOf(shape).reduce((product, n) => product * n, 1);
  if (size(from) === size(to)) return;
  throw misfit(
    `A reshape makes ${shownShape(to)} of ${shownShape(from)}.`,
    'Both shapes have to hold as many numbers.',
  );
}

/** Throws BAD_MODEL. */
export function assertDivides(name: string, groups: number, channels: readonly number[]): void {
  if (channels.every((count) => Number.isInteger(count / groups))) return;
  throw misfit(
    `The convolution "${name}" divides ${channels.join(' channels into ')} by ${groups} groups.`,
    'The number of groups has to divide both.',
  );
}

function assertStride(stride: number): void {
  if (Number.isInteger(stride) && stride > 0) return;
  throw misfit(`A layer has the stride ${stride}.`, 'It is a whole number of pixels, 1 or more.');
}

/** The size of an image that a window slides over. Throws IMAGES_TOO_SMALL and BAD_MODEL. */
export function slide(
  { height, width }: ImageShape,
  [kernelHeight, kernelWidth]: readonly [number, number],
  stride: number,
  { top, bottom, left, right }: Sides,
): { height: number; width: number } {
  assertStride(stride);
  const places = {
    height: Math.floor((height + top + bottom - kernelHeight) / stride) + 1,
    width: Math.floor((width + left + right - kernelWidth) / stride) + 1,
  };
  if (places.height > 0 && places.width > 0) return places;
  throw new WinnowError(
    'IMAGES_TOO_SMALL',
    'A layer of this network would have no pixels left of such small images.',
    {
      hint: 'Choose a network with fewer poolings, or larger images.',
    },
  );
}

/** Of images of which every `stride`-th pixel is kept, with as many channels. Throws BAD_MODEL. */
export function subsampled(input: ImageShape, stride: number, channels: number): ImageShape {
  assertStride(stride);
  if (!Number.isInteger(channels) || channels < input.channels)
    throw misfit(
      `A subsampling makes ${channels} channels of ${input.channels}.`,
      'It adds channels, and takes none away.',
    );
  return {
    height: Math.ceil(input.height / stride),
    width: Math.ceil(input.width / stride),
    channels,
  };
}
