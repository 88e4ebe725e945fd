import { describe, expect, it } from '@jest/globals';
import { decodeSafetensors } from '@winnow/files';
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

  it.each<[what: string, mask: TrainedNetwork['mask'], bits: number[]]>([
    ['of a ticket', new Map([['w', { shape: [1, 1], kept: Uint8Array.of(0) }]]), [0]],
    ['of a dense network', undefined, [1]],
  ])('write the mask %s as booleans of what can be pruned alone', (_, mask, bits) => {
    const bias = { ...trained.network.parameters[0]!, name: 'b', prunable: false };
    const network = { ...trained.network, parameters: [...trained.network.parameters, bias] };
    const exporter = exporters.find(({ name }) => name === 'mask')!;
    const bytes = exporter.encode({ ...trained, network, mask }) as Uint8Array;
    const { tensors, dtypes } = decodeSafetensors(bytes, 'mask');
    expect([...tensors]).toEqual([['w', { shape: [1, 1], data: Uint8Array.from(bits) }]]);
    expect(dtypes.get('w')).toBe('BOOL');
  });
});
