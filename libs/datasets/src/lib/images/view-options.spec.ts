import { expect, it } from '@jest/globals';
import sharp from 'sharp';
import { viewOf } from './view-options.ts';

it('looks at few images of the sample at once', async () => {
  const image = await sharp({ create: { width: 20, height: 20, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  let [underWay, most] = [0, 0];
  const images = {
    labels: new Int32Array(300),
    nameOf: String,
    encoded: async () => {
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
      return image;
    },
  };
  expect((await viewOf(images, [...images.labels.keys()], {})).view.size).toBe(20);
  expect(most).toBe(64);
});
