import { describe, expect, it } from '@jest/globals';
import type { ParameterSpec, TicketData } from '@winnow/plugin-api';
import { takeCensus } from './census.ts';
import { assertFits } from './fits-network.ts';

function parameter(
  name: string,
  shape: number[],
  usesPerImage: number,
  prunable = true,
): ParameterSpec {
  return { name, shape, usesPerImage, prunable, initializer: { kind: 'constant', value: 0 } };
}

const conv = parameter('conv', [3, 2, 1, 2], 16);
const bias = parameter('bias', [3], 16, false);
const fc = parameter('fc', [2, 3], 1);
const parameters = [conv, bias, fc];

function ticket(masks: Record<string, [number[], number[]]>): TicketData {
  const layers = Object.entries(masks).map(
    ([name, [shape, kept]]) => [name, { shape, kept: Uint8Array.from(kept) }] as const,
  );
  return {
    layers: new Map(layers),
    provenance: { method: 'cts', density: 0.1, seed: 1, model: 'toy', weightsHash: '' },
  };
}

describe('takeCensus', () => {
  it('counts the inputs of every group', () => {
    // Outputs 0 and 1 see inputs 0 and 1, outputs 2 and 3 inputs 2 and 3.
    const grouped = { ...parameter('grouped', [4, 2, 1, 1], 1), groups: 2 };
    // Each output sees the input of its number.
    const depthwise = { ...parameter('depthwise', [3, 1, 1, 2], 1), groups: 3 };
    const { layers } = takeCensus(
      ticket({
        grouped: [
          [4, 2, 1, 1],
          [1, 0, 1, 0, 0, 1, 0, 0],
        ],
        depthwise: [
          [3, 1, 1, 2],
          [0, 1, 0, 0, 0, 0],
        ],
      }),
      [grouped, depthwise],
    );
    expect(layers).toMatchObject([
      { outputs: 4, deadOutputs: 1, inputs: 4, unusedInputs: 2 },
      { outputs: 3, deadOutputs: 2, inputs: 3, unusedInputs: 2 },
    ]);
  });

  it('counts weights, dead channels, multiply-adds and bytes', () => {
    const census = takeCensus(
      ticket({
        // Channel 1 has no weight; input 0 is read by none.
        conv: [
          [3, 2, 1, 2],
          [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1],
        ],
        fc: [
          [2, 3],
          [0, 0, 0, 0, 0, 0],
        ],
      }),
      parameters,
    );
    expect(census.layers).toEqual([
      {
        name: 'conv',
        shape: [3, 2, 1, 2],
        size: 12,
        kept: 3,
        density: 0.25,
        collapsed: false,
        outputs: 3,
        deadOutputs: 1,
        inputs: 2,
        unusedInputs: 1,
        multiplyAdds: { dense: 192, kept: 48 },
      },
      {
        name: 'fc',
        shape: [2, 3],
        size: 6,
        kept: 0,
        density: 0,
        collapsed: true,
        outputs: 2,
        deadOutputs: 2,
        inputs: 3,
        unusedInputs: 3,
        multiplyAdds: { dense: 6, kept: 0 },
      },
    ]);
    expect(census).toMatchObject({
      size: 18,
      kept: 3,
      density: 3 / 18,
      collapsedLayers: 1,
      deadOutputs: 3,
      unusedInputs: 4,
      multiplyAdds: { dense: 198, kept: 48 },
      // 18 float32; 3 values with 3 indices; 3 values with 12 bits in 2 bytes and 6 bits in 1.
      bytes: { dense: 72, sparse: 24, bitmask: 15 },
    });
  });
});

describe('takeCensus of another layout', () => {
  it('counts outputs and inputs along the axes that it is told', () => {
    // [height 1, width 2, in 2, out 3]: input 0 is read by output 0 in one place, and by output 2 in the other.
    const kernel: ParameterSpec = {
      ...parameter('kernel', [1, 2, 2, 3], 4),
      axes: { outputs: 3, inputs: 2 },
    };
    const kept = [1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0];
    const [layer] = takeCensus(ticket({ kernel: [[1, 2, 2, 3], kept] }), [kernel]).layers;
    expect(layer).toMatchObject({
      outputs: 3,
      deadOutputs: 1,
      inputs: 2,
      unusedInputs: 1,
      multiplyAdds: { dense: 48, kept: 8 },
    });
  });
});

describe('assertFits', () => {
  const network = { name: 'resnet-8', parameters };
  const kept = (n: number) => new Array<number>(n).fill(1);
  const convMask: [number[], number[]] = [[3, 2, 1, 2], kept(12)];
  const fcMask: [number[], number[]] = [[2, 3], kept(6)];

  it('accepts the ticket of the same network', () => {
    expect(() => assertFits(ticket({ conv: convMask, fc: fcMask }), network)).not.toThrow();
  });

  it.each([
    ['it has no mask for "fc"', { conv: convMask }],
    [
      '"fc" is [3, 2] in the ticket, [2, 3] in the network',
      { conv: convMask, fc: [[3, 2], kept(6)] },
    ],
    ['its mask of "fc" has 2 values for shape [2, 3]', { conv: convMask, fc: [[2, 3], kept(2)] }],
    ['it masks "bias", which', { conv: convMask, fc: fcMask, bias: [[3], kept(3)] }],
  ] as [string, Record<string, [number[], number[]]>][])('says that %s', (problem, masks) => {
    expect(() => assertFits(ticket(masks), network)).toThrow(
      expect.objectContaining({
        code: 'TICKET_MISMATCH',
        message: expect.stringContaining(`The ticket for toy does not fit resnet-8: ${problem}`),
      }),
    );
  });
});
