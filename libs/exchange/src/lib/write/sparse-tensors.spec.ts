import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { TrainedNetwork } from '@winnow/plugin-api';
import fc from 'fast-check';
import { cooTensors, csrTensors } from './sparse-tensors.ts';
import { storedSize, storedSizes } from './stored-sizes.ts';

const spec = (name: string, shape: number[], prunable: boolean) => ({
  name,
  shape,
  prunable,
  usesPerImage: 1,
  initializer: { kind: 'constant', value: 0 } as const,
});

/** One prunable tensor, one that is not, and one statistic. */
function networkWith(
  shape: number[],
  kept: number[] | undefined,
  values: number[],
): TrainedNetwork {
  const mask = kept && new Map([['w', { shape, kept: Uint8Array.from(kept) }]]);
  return {
    network: {
      name: 'toy',
      input: { height: 1, width: 1, channels: 1 },
      classes: 1,
      parameters: [spec('w', shape, true), spec('b', [2], false)],
    },
    tensors: new Map([
      ['w', { shape, data: Float32Array.from(values) }],
      ['b', { shape: [2], data: Float32Array.of(8, 9) }],
      ['s', { shape: [1], data: Float32Array.of(7) }],
    ]),
    mask,
    metadata: { model: 'toy' },
  };
}

const kept = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0];
const values = [0, 5, 0, 0, 0, 0, 0, 0, 6, 0, -3, 0];

describe('coo', () => {
  it('holds coordinates by axis and values', () => {
    const { tensors, metadata } = cooTensors(networkWith([3, 2, 2], kept, values));
    expect([...tensors.keys()]).toEqual(['w.indices', 'w.values', 'b', 's']);
    expect(tensors.get('w.indices')).toEqual({
      shape: [3, 3],
      data: Int32Array.of(0, 2, 2, /* */ 0, 0, 1, /* */ 1, 0, 0),
    });
    expect(tensors.get('w.values')).toEqual({ shape: [3], data: Float32Array.of(5, 6, -3) });
    expect(tensors.get('b')).toEqual({ shape: [2], data: Float32Array.of(8, 9) });
    expect(metadata).toEqual({ model: 'toy', layout: 'coo', shapes: '{"w":[3,2,2]}' });
  });
});

describe('csr', () => {
  it('holds row starts, columns and values of the matrix by outputs', () => {
    const { tensors, metadata } = csrTensors(networkWith([3, 2, 2], kept, values));
    expect(tensors.get('w.crow_indices')).toEqual({ shape: [4], data: Int32Array.of(0, 1, 1, 3) });
    expect(tensors.get('w.col_indices')).toEqual({ shape: [3], data: Int32Array.of(1, 0, 2) });
    expect(tensors.get('w.values')).toEqual({ shape: [3], data: Float32Array.of(5, 6, -3) });
    expect(metadata['shapes']).toBe('{"w":[3,2,2]}');
  });
});

const examples = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
  .chain((shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const bits = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: size, maxLength: size });
    return fc.tuple(fc.constant(shape), fc.option(bits, { nil: undefined }));
  });

describe('what is written', () => {
  it('makes the dense tensor again', () => {
    fc.assert(
      fc.property(examples, ([shape, bits]) => {
        const size = shape.reduce((a, b) => a * b, 1);
        const dense = Array.from({ length: size }, (_, i) => (!bits || bits[i] ? i + 1 : 0));
        const trained = networkWith(shape, bits, dense);

        const coo = cooTensors(trained).tensors;
        const fromCoo = new Array<number>(size).fill(0);
        const axes = coo.get('w.indices')!.data as Int32Array;
        const found = coo.get('w.values')!.data as Float32Array;
        found.forEach((value, i) => {
          const flat = shape.reduce((at, n, axis) => at * n + axes[axis * found.length + i]!, 0);
          fromCoo[flat] = value;
        });
        expect(fromCoo).toEqual(dense);

        const csr = csrTensors(trained).tensors;
        const [starts, columns, csrValues] = ['crow_indices', 'col_indices', 'values'].map(
          (part) => csr.get(`w.${part}`)!.data as Float32Array,
        ) as [Float32Array, Float32Array, Float32Array];
        const fromCsr = new Array<number>(size).fill(0);
        const width = size / shape[0]!;
        for (let row = 0; row < shape[0]!; row++) {
          for (let i = starts[row]!; i < starts[row + 1]!; i++)
            fromCsr[row * width + columns[i]!] = csrValues[i]!;
        }
        expect(fromCsr).toEqual(dense);
      }),
    );
  });
});

describe('storedSizes', () => {
  it('counts bytes of parameters, dense and sparse, without statistics', async () => {
    const sizes = await storedSizes(networkWith([3, 2, 2], kept, values));
    expect(sizes.dense.bytes).toBe(4 * (12 + 2));
    // Four row starts, three columns, three values, two biases.
    expect(sizes.sparse.bytes).toBe(4 * (4 + 3 + 3 + 2));
  });

  it('compresses parts as if they were one', async () => {
    const parts = [new Uint8Array(100_000), Uint8Array.from({ length: 999 }, (_, i) => i * i)];
    const { bytes, gzipped } = await storedSize(parts);
    const whole = Buffer.concat(parts);
    expect(bytes).toBe(whole.length);
    expect(Math.abs(gzipped - gzipSync(whole).length)).toBeLessThan(64);
  });
});
