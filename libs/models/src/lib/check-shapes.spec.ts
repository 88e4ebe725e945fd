import { describe, expect, it } from '@jest/globals';
import type { Architecture } from './layers.ts';
import { networkFrom } from './network.ts';

const INPUT = { height: 8, width: 6, channels: 2 };
const CLASSES = 4;

const refused = (message: string) => expect.objectContaining({ code: 'BAD_MODEL', message });

describe('a network is refused', () => {
  it.each<[what: string, message: string, features: Architecture]>([
    [
      'that adds one pixel to each pixel of images',
      'A sum is of [8, 6, 2] and [1, 1, 2]. Both have one shape.',
      (of, x) =>
        of.add(x, of.reshape(of.globalAveragePool(x), { height: 1, width: 1, channels: 2 })),
    ],
    [
      'that adds features to images',
      'A sum is of [8, 6, 2] and [2]. Both have one shape.',
      (of, x) => of.add(x, of.globalAveragePool(x)),
    ],
    [
      'with a residual of one channel',
      'The residual sum of "bn" is of [8, 6, 2] and [8, 6, 1]. Both have one shape.',
      (of, x) => of.normalize('bn', x, { residual: of.conv('c', x, { channels: 1, kernel: 1 }) }),
    ],
    [
      'that joins images of other sizes',
      'A concatenation is of [8, 6, 2] and [4, 3, 2]. All are features, or images of one height and width.',
      (of, x) => of.concat([x, of.maxPool(x, { size: 2, stride: 2 })]),
    ],
    [
      'that joins features to images',
      'A concatenation is of [8, 6, 2] and [2]. All are features, or images of one height and width.',
      (of, x) => of.concat([x, of.globalAveragePool(x)]),
    ],
    [
      'that takes channels away',
      'A subsampling makes 1 channels of 2. It adds channels, and takes none away.',
      (of, x) => of.subsample(x, { stride: 2, channels: 1 }),
    ],
    [
      'that keeps every 1.5th pixel',
      'A layer has the stride 1.5. It is a whole number of pixels, 1 or more.',
      (of, x) => of.subsample(x, { stride: 1.5, channels: 2 }),
    ],
    [
      'whose window does not move',
      'A layer has the stride 0. It is a whole number of pixels, 1 or more.',
      (of, x) => of.maxPool(x, { size: 2, stride: 0 }),
    ],
    [
      'with a linear layer of images',
      'The linear layer "hidden" is of images [8, 6, 2]. It takes features: put `flatten` or `globalAveragePool` before it.',
      (of, x) => of.linear('hidden', x, { units: 3 }),
    ],
    [
      'with a convolution of features',
      'The convolution "c" is of features [96]. It takes images: put it before what makes features of them, or `reshape`.',
      (of, x) => of.conv('c', of.flatten(x), { channels: 2, kernel: 1 }),
    ],
    [
      'with two layers of one name',
      'Two layers have a parameter "c.weight". Name each layer otherwise, or say `shared: true` where the second has the parameters of the first.',
      (of, x) => {
        const options = { channels: 2, kernel: 1 };
        return of.conv('c', of.conv('c', x, options), options);
      },
    ],
    [
      'with two normalisations of one name that have no parameters',
      'Two normalisations are called "n". Name each layer otherwise, or say `shared: true` where the second has the parameters of the first.',
      (of, x) => {
        const options = { scale: false, shift: false };
        return of.normalize('n', of.normalize('n', x, options), options);
      },
    ],
  ])('%s', (_, message, features) => {
    const architecture: Architecture = (of, x, units) =>
      of.linear('fc', of.flatten(features(of, x, units)), { units });
    expect(() => networkFrom('odd', architecture, INPUT, CLASSES)).toThrow(refused(message));
  });

  it.each<[what: string, shown: string, architecture: Architecture]>([
    ['another number of logits', '[5]', (of, x) => of.linear('fc', of.flatten(x), { units: 5 })],
    ['images', '[8, 6, 4]', (of, x, channels) => of.conv('c', x, { channels, kernel: 1 })],
    ['its images', '[8, 6, 2]', (_, x) => x],
  ])('that ends in %s', (_, shown, architecture) => {
    expect(() => networkFrom('odd', architecture, INPUT, CLASSES)).toThrow(
      refused(
        `odd ends in ${shown}, where logits of 4 classes are due. Let it return features with \`units: classes\`, as of \`layers.linear\`.`,
      ),
    );
  });
});
