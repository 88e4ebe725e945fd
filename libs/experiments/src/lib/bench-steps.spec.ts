import { describe, expect, it } from '@jest/globals';
import models from '@winnow/models';
import { ComponentRegistry } from '@winnow/plugin-api';
import { convolutionMultiplyAdds } from './bench-steps.ts';

describe('convolutionMultiplyAdds', () => {
  const network = new ComponentRegistry(models.components)
    .get('model', 'resnet20')
    .build({ height: 32, width: 32, channels: 3 }, 10, { shortcut: 'conv3x3' });
  const stem = 32 * 32 * 3 * 16 * 9;
  // Stages two and three halve the side as they double the channels; each begins with two strided convolutions.
  const stage = 6 * 32 * 32 * 16 * 16 * 9;
  const once = stem + 3 * stage;

  it.each([
    ['forward', once],
    ['train', 3 * once - stem],
    ['masked', 3 * once - stem],
    ['cts', 4 * once - stem],
  ] as const)('counts those of %s for ResNet-20', (mode, expected) => {
    expect(convolutionMultiplyAdds(network, mode)).toBe(expected);
  });
});
