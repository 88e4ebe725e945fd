import { describe, expect, it } from '@jest/globals';
import { ComponentRegistry, type TrainedNetwork } from '@winnow/plugin-api';
import exchange from '../plugin.ts';

const exporters = new ComponentRegistry(exchange.components).all('exporter');

/** One weight, and no graph. */
const trained: TrainedNetwork = {
  network: {
    name: 'toy',
    input: { height: 1, width: 1, channels: 1 },
    classes: 1,
    parameters: [
      {
        name: 'w',
        shape: [1, 1],
        prunable: true,
        initializer: { kind: 'constant', value: 0 },
        usesPerImage: 1,
      },
    ],
  },
  tensors: new Map([['w', { shape: [1, 1], data: Float32Array.of(2) }]]),
  mask: undefined,
  metadata: { model: 'toy' },
};

describe('the exporters', () => {
  it.each(exporters)('$name needs a graph where it says so', (exporter) => {
    if (exporter.needsGraph)
      expect(() => exporter.encode(trained)).toThrow(
        expect.objectContaining({ code: 'UNSUPPORTED_MODEL' }),
      );
    else expect((exporter.encode(trained) as Uint8Array).length).toBeGreaterThan(0);
  });
});
