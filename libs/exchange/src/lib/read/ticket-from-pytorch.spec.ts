import { describe, expect, it } from '@jest/globals';
import { type HostTensor, sizeOf } from '@winnow/files';
import type { Network } from '@winnow/plugin-api';
import { masksIn } from './apart-from-masks.ts';
import { ticketFromPytorch } from './ticket-from-pytorch.ts';
import { weightsFromPytorch } from './weights-from-pytorch.ts';

const network = {
  name: 'tiny',
  parameters: [
    { name: 'a.weight', shape: [2, 2], prunable: true },
    { name: 'a.bias', shape: [2] },
    { name: 'b.weight', shape: [1, 2], prunable: true },
  ],
} as unknown as Network;

function fileOf(tensors: Record<string, [shape: number[], data: number[]]>) {
  const list = Object.entries(tensors).map(([name, [shape, data]]): [string, HostTensor] => {
    expect(data).toHaveLength(sizeOf(shape));
    return [name, { shape, data: Float32Array.from(data) }];
  });
  return { tensors: new Map(list), dtypes: new Map(list.map(([name]) => [name, 'F32'])) };
}

const whole = {
  'module.a.bias': [[2], [5, 6]],
  'module.b.weight': [
    [1, 2],
    [7, 8],
  ],
} satisfies Parameters<typeof fileOf>[0];
const pruned = fileOf({
  ...whole,
  'module.a.weight_orig': [
    [2, 2],
    [1, 2, 3, 4],
  ],
  'module.a.weight_mask': [
    [2, 2],
    [0, 1, 1, 0],
  ],
});

describe('a file of torch.nn.utils.prune', () => {
  it('gives the weights below the masks, and says that those are left out', () => {
    const { tensors, masks } = weightsFromPytorch(pruned, network, 'FILE');
    expect([...tensors].map(([name, { data }]) => [name, ...data])).toEqual([
      ['a.weight', 1, 2, 3, 4],
      ['a.bias', 5, 6],
      ['b.weight', 7, 8],
    ]);
    expect(masks).toBe(1);
  });

  it('gives a ticket, where what has no mask is kept whole', () => {
    expect(ticketFromPytorch(pruned, network, 'FILE')).toEqual({
      name: 'mask',
      mask: Uint8Array.of(0, 1, 1, 0, 1, 1),
      kept: 4,
    });
  });

  it('gives a ticket of masks alone, which are booleans under the names of the parameters', () => {
    const masks = (name: string, dtype: string) => ({
      tensors: new Map([[name, { shape: [2, 2], data: Uint8Array.of(1, 0, 0, 0) }]]),
      dtypes: new Map([[name, dtype]]),
    });
    for (const prefix of ['', 'module.']) {
      const file = masks(`${prefix}a.weight`, 'BOOL');
      expect(masksIn(file)).toBe('alone');
      expect(ticketFromPytorch(file, network, 'FILE')).toEqual({
        name: 'mask',
        mask: Uint8Array.of(1, 0, 0, 0, 1, 1),
        kept: 3,
      });
    }
    expect(masksIn(masks('a.weight', 'U8'))).toBe('none');
    expect(() => ticketFromPytorch(masks('b.weight', 'BOOL'), network, 'FILE')).toThrow(
      '"b.weight" in FILE has the shape [2, 2], and "b.weight" of tiny has [1, 2].',
    );
    expect(() => weightsFromPytorch(masks('a.weight', 'BOOL'), network, 'FILE')).toThrow(
      expect.objectContaining({ code: 'WEIGHTS_MISMATCH' }),
    );
  });

  it('is told from others by weights that have both parts', () => {
    expect(masksIn(pruned)).toBe('beside weights');
    const spectral = { 'a.weight_orig': [[1], [1]], 'b.weight_mask': [[1], [1]] } as const;
    expect(masksIn(fileOf(spectral as never))).toBe('none');
  });

  it.each<[string, Parameters<typeof fileOf>[0], string, string]>([
    [
      'of another shape',
      { 'a.weight_orig': [[4], [1, 2, 3, 4]], 'a.weight_mask': [[4], [1, 1, 1, 0]] },
      'TICKET_MISMATCH',
      '"a.weight_mask" in FILE has the shape [4], and "a.weight" of tiny has [2, 2]. Choose the model and the options that the file was made with.',
    ],
    [
      'of what is never pruned here',
      { 'a.bias_orig': [[2], [1, 2]], 'a.bias_mask': [[2], [1, 0]] },
      'TICKET_MISMATCH',
      `"a.bias" in FILE is pruned, and is no prunable parameter of tiny. Choose the model that the file was made with, or in PyTorch: prune.remove(module, 'bias').`,
    ],
    [
      'between 0 and 1',
      {
        'b.weight_orig': [
          [1, 2],
          [1, 2],
        ],
        'b.weight_mask': [
          [1, 2],
          [1, 0.5],
        ],
      },
      'BAD_TICKET',
      '"b.weight_mask" in FILE holds 0.5. A mask holds 0 and 1.',
    ],
  ])('is refused with a mask %s', (_, tensors, code, message) => {
    expect(() => ticketFromPytorch(fileOf(tensors), network, 'FILE')).toThrow(
      expect.objectContaining({ code, message }),
    );
  });
});
