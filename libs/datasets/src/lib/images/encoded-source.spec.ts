import { expect, it } from '@jest/globals';
import { encodedSource } from './encoded-source.ts';

it.each(['', 'Unknown error', 'Unknown error\nVips: more'])(
  'says of an image that fails with "%s" that it is damaged',
  async (message) => {
    const images = {
      labels: Int32Array.of(0),
      nameOf: () => 'x.jpg',
      encoded: () => Promise.reject(new Error(message)),
    };
    const normalization = { mean: [0, 0, 0], std: [1, 1, 1] };
    const view = { size: 8, resize: 8, augmentation: 'none', normalization } as const;
    await expect(encodedSource(images, view).read([0])).rejects.toMatchObject({
      code: 'BAD_IMAGE',
      message: expect.stringMatching(/Cannot decode x\.jpg \(it is damaged\)\./) as unknown,
    });
  },
);
