import { inPlace, writeImage } from '@winnow/data';
import { type ImageShape, type Normalization, WinnowError } from '@winnow/plugin-api';
import { decodeCentre, decodeWhole, sizeOfImage } from './decode-image.ts';
import type { ImageView } from './encoded-source.ts';
import { undecodable } from './undecodable.ts';

const RGB = 3;
const HINT = 'Leave it out, or give a JPEG or PNG file in its place.';

async function decoded<T>(path: string, decode: () => Promise<T>): Promise<T> {
  try {
    return await decode();
  } catch (cause) {
    throw undecodable(path, cause, HINT);
  }
}

function normalised(
  shape: ImageShape,
  pixels: Uint8Array | Float32Array,
  normalization: Normalization,
): Float32Array {
  const image = new Float32Array(shape.height * shape.width * shape.channels);
  writeImage(shape, inPlace(shape), normalization, pixels, 0, image, 0);
  return image;
}

/** An image file as a data set of this view shows its own: [size, size, 3], normalised. Throws BAD_IMAGE, BAD_DATA. */
export async function readInView(path: string, view: ImageView): Promise<Float32Array> {
  const { size, normalization } = view;
  const pixels = await decoded(path, () => decodeCentre(path, view));
  return normalised({ height: size, width: size, channels: RGB }, pixels, normalization);
}

/** Images that are all of one size, and stay as they are. */
export interface FixedImages {
  /** Of the data set, for errors. */
  readonly name: string;
  /** Of one channel or three. */
  readonly shape: ImageShape;
  /** In the units of pixels. */
  readonly normalization: Normalization;
  /** What a byte is in these units; itself when left out. */
  readonly pixelOf?: (byte: number) => number;
}

/** An image file of their size and channels, normalised: [height, width, channels]. Throws BAD_IMAGE, BAD_DATA. */
export async function readAsIs(
  path: string,
  { name, shape, normalization, pixelOf = (byte) => byte }: FixedImages,
): Promise<Float32Array> {
  const { height, width, channels } = shape;
  const refuse = (problem: string, hint: string): never => {
    throw new WinnowError('BAD_IMAGE', `${path} ${problem}.`, { hint });
  };
  const size = await decoded(path, () => sizeOfImage(path));
  if (size.height !== height || size.width !== width) {
    refuse(
      `has ${size.width} × ${size.height} pixels where images of ${name} have ${width} × ${height}`,
      'Cut it out and resize it as theirs were.',
    );
  }
  const rgb = await decoded(path, () => decodeWhole(path));
  if (channels === RGB) return normalised(shape, Float32Array.from(rgb, pixelOf), normalization);
  const grey = new Float32Array(height * width);
  for (let i = 0; i < grey.length; i++) {
    const [red, green, blue] = rgb.subarray(RGB * i, RGB * (i + 1));
    if (red !== green || green !== blue)
      refuse(`has colours where images of ${name} are grey`, 'Save it in grey.');
    grey[i] = pixelOf(red!);
  }
  return normalised(shape, grey, normalization);
}
