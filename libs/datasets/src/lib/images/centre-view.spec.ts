import { expect, it } from '@jest/globals';
import { centreOf } from './centre-view.ts';

// What torchvision 0.29's Resize(256) and CenterCrop(224) do.
it.each([
  [500, 375, 341, 256, 58, 16],
  [375, 500, 256, 341, 16, 58],
  [400, 301, 340, 256, 58, 16],
  [512, 384, 341, 256, 58, 16],
  [300, 300, 256, 256, 16, 16],
])('of %i×%i is at a place in %i×%i', (width, height, resizedWidth, resizedHeight, left, top) => {
  expect(centreOf({ width, height }, { size: 224, resize: 256 })).toEqual({
    resized: { width: resizedWidth, height: resizedHeight },
    middle: { left, top, width: 224, height: 224 },
  });
});
