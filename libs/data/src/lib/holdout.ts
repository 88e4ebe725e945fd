import { type ImageSource, WinnowError } from '@winnow/plugin-api';
import { subset } from './subset.ts';

/** All indices, so ordered that the classes fill up evenly: any first part holds each in its share. */
function stratifiedOrder(labels: Int32Array): Int32Array {
  const sizes = new Map<number, number>();
  const ranks = labels.map((label) => {
    const rank = sizes.get(label) ?? 0;
    sizes.set(label, rank + 1);
    return rank;
  });
  const quantiles = Float64Array.from(labels, (label, i) => (ranks[i]! + 0.5) / sizes.get(label)!);
  return Int32Array.from(labels.keys()).sort((a, b) => quantiles[a]! - quantiles[b]! || a - b);
}

/**
 * Which images of `where`, a name for errors, `holdOut` takes, `count` of them, and which it leaves. Throws BAD_DATA where it
 * would take none, RangeError where `count` is no whole number, or of more images than there are.
 */
export function heldOut(
  labels: Int32Array,
  where: string,
  count = Math.floor(labels.length / 10),
): { kept: Int32Array; held: Int32Array } {
  if (count < 1) {
    throw new WinnowError(
      'BAD_DATA',
      `${where} has ${labels.length} training images, too few to hold a tenth of them out.`,
      { hint: 'Ten or more are needed.' },
    );
  }
  if (!(Number.isInteger(count) && count <= labels.length))
    throw new RangeError(`Cannot hold out ${count} of the ${labels.length} images of ${where}.`);
  const order = stratifiedOrder(labels);
  const kept = labels.length - count;
  return { kept: order.slice(0, kept).sort(), held: order.slice(kept).sort() };
}

/**
 * Splits training images for choices: a tenth (rounded down) becomes the validation part, the last
 * images of every class, the rest stays. It depends on the labels alone, so all seeds share it. Throws BAD_DATA for fewer than
 * ten images; `where` says there what they are of.
 */
export function holdOut(
  images: ImageSource,
  where = 'The data set',
): { train: ImageSource; validation: ImageSource } {
  const { kept, held } = heldOut(images.labels, where);
  return { train: subset(images, kept), validation: subset(images, held) };
}

/**
 * `count` images in file order (all, where there are fewer): the first ones of every class, each class in its share. Throws
 * RangeError where `count` is not 0 or more.
 */
export function firstImages(images: ImageSource, count: number): ImageSource {
  if (!(count >= 0)) throw new RangeError(`There are no first ${count} images.`);
  return subset(images, stratifiedOrder(images.labels).slice(0, count).sort());
}
