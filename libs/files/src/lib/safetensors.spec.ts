import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { HostTensor } from './host-tensor.ts';
import { readSafetensors, writeSafetensors } from './safetensors-file.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';

/** A file by the format's description: header length (u64, little-endian), header, data. */
function file(header: string, data: Uint8Array = new Uint8Array()): Buffer {
  const length = Buffer.alloc(8);
  length.writeUInt32LE(Buffer.byteLength(header));
  return Buffer.concat([length, Buffer.from(header), data]);
}

const x = (place: string) => `{"x":{"dtype":"F32","shape":[2],"data_offsets":${place}}}`;
// 1 and −2.5
const data = Uint8Array.of(0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0);

const vectors = fc
  .oneof(
    fc.float32Array({ maxLength: 9 }),
    fc.float64Array({ maxLength: 9 }),
    fc.int32Array({ maxLength: 9 }),
    fc.bigInt64Array({ maxLength: 9 }),
    fc.uint8Array({ maxLength: 9 }),
  )
  .map((data): HostTensor => ({ shape: [1, data.length], data }));
const names = fc.stringMatching(/^[a-zé][a-z0-9.]{0,20}$/);

describe('decodeSafetensors', () => {
  it('reads a file made by hand, wherever it lies in memory', () => {
    const bytes = file(x('[0,8]'), data);
    for (let shift = 0; shift < 8; shift++) {
      const moved = Buffer.concat([Buffer.alloc(shift), bytes]).subarray(shift);
      for (const view of [moved, new Uint8Array(moved.buffer, moved.byteOffset, moved.length)]) {
        const { tensors, metadata } = decodeSafetensors(view, 'x');
        expect(tensors.get('x')).toEqual({ shape: [2], data: Float32Array.of(1, -2.5) });
        expect(metadata).toEqual({});
      }
    }
  });

  it('reads half precisions as float32, and says what the file holds', () => {
    const bits = Uint8Array.of(0, 0x3c, 0, 0xc0); // 1 and −2 in half precision
    const half = decodeSafetensors(file(x('[0,4]').replace('F32', 'F16'), bits), 'x');
    expect(half.tensors.get('x')!.data).toEqual(Float32Array.of(1, -2));
    expect(half.dtypes.get('x')).toBe('F16');
    const upper = Uint8Array.of(0x80, 0x3f, 0x20, 0xc0);
    const brain = decodeSafetensors(file(x('[0,4]').replace('F32', 'BF16'), upper), 'x');
    expect(brain.tensors.get('x')!.data).toEqual(Float32Array.of(1, -2.5));
    expect(brain.dtypes.get('x')).toBe('BF16');
  });

  // As safetensors 0.8 for Python lists its types, and how many bits each takes.
  it.each([
    ...['I8', 'F8_E5M2', 'F8_E4M3', 'F8_E8M0', 'F8_E4M3FNUZ', 'F8_E5M2FNUZ'].map((d) => [d, 8]),
    ...['I16', 'U16'].map((d) => [d, 16]),
    ...[['U32', 32] as const, ['U64', 64] as const, ['C64', 64] as const],
    ...[['F4', 4] as const, ['F6_E2M3', 6] as const, ['F6_E3M2', 6] as const],
  ] as [string, number][])('lists values of type %s, and does not read them', (dtype, bits) => {
    const end = bits; // of eight values
    const header = `{"y":{"dtype":"${dtype}","shape":[2,4],"data_offsets":[0,${end}]},"x":{"dtype":"F32","shape":[2],"data_offsets":[${end},${end + 8}]}}`;
    const bytes = Buffer.concat([new Uint8Array(end), data]);
    const { tensors, unread, dtypes } = decodeSafetensors(file(header, bytes), 'x');
    expect([...tensors.keys()]).toEqual(['x']);
    expect(tensors.get('x')!.data).toEqual(Float32Array.of(1, -2.5));
    expect([...unread]).toEqual([['y', [2, 4]]]);
    expect([...dtypes]).toEqual([
      ['y', dtype],
      ['x', 'F32'],
    ]);
  });

  it.each([
    ['no header length', Buffer.alloc(5), /has 5 bytes/],
    ['a header longer than the file', file('{}').subarray(0, 9), /claims 2 bytes/],
    ['a header that is not JSON', file('{x'), /not JSON/],
    ['a header that is a list', file('[]'), /not an object/],
    ['an entry that is null', file('{"x":null}'), /"x" is not described/],
    ['metadata that are not text', file('{"__metadata__":{"a":1}}'), /metadata/],
    ['half a byte', file(x('[0,1]').replace('F32', 'F4').replace('[2]', '[1]')), /does not fit/],
    ['an unknown type', file(x('[0,8]').replace('F32', 'F8'), data), /dtype F8/],
    ['a type named like a method', file(x('[0,8]').replace('F32', 'toString'), data), /dtype/],
    ['a negative size', file(x('[0,8]').replace('[2]', '[-2]'), data), /shape of tensor "x" is no/],
    [
      'lists in each other for a shape',
      file(x('[0,8]').replace('[2]', `${'['.repeat(1e5)}${']'.repeat(1e5)}`), data),
      /shape of tensor "x" is no/,
    ],
    [
      'a type that is no text',
      file(x('[0,8]').replace('"F32"', '{"toString":5}'), data),
      /no text as its dtype/,
    ],
    ['offsets that are text', file(x('["0","8"]'), data), /does not fit/],
    ['offsets between bytes', file(x('[0.5,8.5]'), data), /does not fit/],
    ['a place of another size', file(x('[0,4]'), data), /does not fit/],
    ['truncated data', file(x('[0,8]'), data.subarray(1)), /does not fit/],
    ['bytes after the data', file(x('[0,8]'), Buffer.alloc(9)), /describes .* and the file has/],
    ['a gap', file(x('[4,12]'), Buffer.alloc(12)), /gap at byte 0/],
    [
      'an overlap',
      file(
        x('[0,8]').replace('}}', '},"y":{"dtype":"U8","shape":[4],"data_offsets":[6,10]}}'),
        Buffer.alloc(10),
      ),
      /overlap/,
    ],
  ])('refuses %s', (_, bytes, message) => {
    const decode = () => decodeSafetensors(bytes, 'FILE');
    expect(decode).toThrow(message);
    expect(decode).toThrow(expect.objectContaining({ code: 'BAD_SAFETENSORS' }));
    expect(decode).toThrow(/^FILE is no valid/);
  });
});

describe('encodeSafetensors', () => {
  it('writes what the format describes, the data aligned', () => {
    const bytes = encodeSafetensors([['x', { shape: [2], data: Float32Array.of(1, -2.5) }]]);
    const headerLength = bytes[0]!;
    expect(headerLength % 8).toBe(0);
    expect(JSON.parse(Buffer.from(bytes).toString('utf8', 8, 8 + headerLength))).toEqual({
      __metadata__: {},
      x: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
    });
    expect(Uint8Array.from(bytes.subarray(8 + headerLength))).toEqual(data);
  });

  it('writes bytes as booleans where they are some', () => {
    const data = Uint8Array.of(1, 0, 1);
    const bytes = encodeSafetensors([['x', { shape: [3], data, isBoolean: true }]]);
    expect(Buffer.from(bytes).toString()).toContain('{"dtype":"BOOL","shape":[3],');
    expect([...bytes.slice(-3)]).toEqual([1, 0, 1]);
    const { tensors, dtypes } = decodeSafetensors(bytes, '');
    expect([dtypes.get('x'), tensors.get('x')]).toEqual(['BOOL', { shape: [3], data }]);
  });

  it('writes views of larger arrays, not the arrays', () => {
    const view = Float32Array.of(7, 1, -2.5, 7).subarray(1, 3);
    const { tensors } = decodeSafetensors(
      encodeSafetensors([['x', { shape: [2], data: view }]]),
      '',
    );
    expect(tensors.get('x')?.data).toEqual(Float32Array.of(1, -2.5));
  });

  const one = Float32Array.of(1);
  it.each<[problem: string, tensors: [string, unknown][], metadata: object]>([
    [
      'tensor "x" of shape [3] by an array of 4',
      [['x', { shape: [3], data: new Float32Array(4) }]],
      {},
    ],
    ['tensor "x" of shape [0.5, 2] by an array of 1', [['x', { shape: [0.5, 2], data: one }]], {}],
    ['the Uint16Array of tensor "x"', [['x', { shape: [1], data: Uint16Array.of(1000) }]], {}],
    ['the Int8Array of tensor "x"', [['x', { shape: [1], data: Int8Array.of(-1) }]], {}],
    ['the Array of tensor "x"', [['x', { shape: [1], data: [1] }]], {}],
    [
      'two tensors of the name "x"',
      [
        ['x', { shape: [1], data: one }],
        ['x', { shape: [1], data: one }],
      ],
      {},
    ],
    ['a tensor of the name "__metadata__"', [['__metadata__', { shape: [1], data: one }]], {}],
    ['the metadata "epoch", which are no text', [['x', { shape: [1], data: one }]], { epoch: 3 }],
  ])('does not write %s', (problem, tensors, metadata) => {
    const encode = () =>
      encodeSafetensors(tensors as [string, HostTensor][], metadata as Record<string, string>);
    expect(encode).toThrow(
      expect.objectContaining({
        code: 'BAD_SAFETENSORS',
        sentence: `No safetensors file can hold ${problem}.`,
      }),
    );
  });

  it('keeps a tensor whose name is that of a prototype, and the bytes of a Buffer', () => {
    const bytes = encodeSafetensors([['__proto__', { shape: [2], data: Buffer.from([1, 2]) }]]);
    expect([...decodeSafetensors(bytes, '').tensors]).toEqual([
      ['__proto__', { shape: [2], data: Uint8Array.of(1, 2) }],
    ]);
  });

  it('gives back every tensor, bit for bit and in order, and the metadata', () => {
    const contents = [fc.dictionary(names, vectors), fc.dictionary(names, fc.string())] as const;
    fc.assert(
      fc.property(...contents, (tensors, metadata) => {
        const decoded = decodeSafetensors(encodeSafetensors(Object.entries(tensors), metadata), '');
        expect([...decoded.tensors]).toEqual(Object.entries(tensors));
        expect(decoded.metadata).toEqual({ ...metadata });
      }),
    );
  });
});

describe('files', () => {
  it('are read as they were written', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'winnow-safetensors-'));
    const path = join(dir, 'new', 'x.safetensors');
    await writeSafetensors(path, [['x', { shape: [], data: Int32Array.of(-3) }]], { note: 'é' });
    const { tensors, metadata } = await readSafetensors(path);
    expect(tensors.get('x')).toEqual({ shape: [], data: Int32Array.of(-3) });
    expect(metadata).toEqual({ note: 'é' });
    await rm(dir, { recursive: true });
    await expect(readSafetensors(path)).rejects.toMatchObject({ code: 'FILE_NOT_READABLE' });
  });
});
