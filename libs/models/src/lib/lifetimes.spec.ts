import { describe, expect, it } from '@jest/globals';
import type { Architecture } from './layers.ts';
import { lastUses } from './lifetimes.ts';
import { traceArchitecture } from './trace-architecture.ts';

function lastUsesOf(architecture: Architecture) {
  const images = { height: 6, width: 6, channels: 3 };
  return [...lastUses(traceArchitecture(architecture, images, 10).graph)];
}

describe('lastUses', () => {
  it('keeps a residual until it is added, and never frees images or logits', () => {
    const network: Architecture = (layers, images, classes) => {
      const kernel = { channels: 4, kernel: 3, padding: 1 };
      const stem = layers.relu(layers.conv('stem', images, kernel)); // 1, 2
      const again = layers.conv('again', images, kernel); // 3
      const sum = layers.normalize('bn', again, { residual: stem, relu: true }); // 4
      return layers.linear('head', layers.globalAveragePool(sum), { units: classes }); // 5, 6
    };
    expect(lastUsesOf(network)).toEqual([
      [2, [1]],
      [4, [3, 2]],
      [5, [4]],
      [6, [5]],
    ]);
  });

  it('leaves logits alone that another layer reads', () => {
    const network: Architecture = (layers, images, classes) => {
      const logits = layers.linear('head', layers.flatten(images), { units: classes }); // 1, 2
      layers.relu(logits); // 3
      return logits;
    };
    expect(lastUsesOf(network)).toEqual([[2, [1]]]);
  });
});
