import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decodeSafetensors, encodeSafetensors } from '@winnow/files';
import type { TicketData, TicketProvenance } from '@winnow/plugin-api';
import fc from 'fast-check';
import { readTicket, writeTicket } from './ticket-file.ts';
import { decodeTicket, encodeTicket } from './ticket-format.ts';

const provenance: TicketProvenance = {
  method: 'cts',
  objective: 'kl',
  density: 0.8 ** 22,
  seed: 3,
  model: 'resnet-20',
  weightsHash: 'c0ffee',
  notes: ['scored at perturbed weights'],
};

const kept = Uint8Array.of(1, 0, 0, 1, 0, 0, 0, 0, 0, 1);
const ticket: TicketData = { layers: new Map([['conv', { shape: [5, 2], kept }]]), provenance };

const anyTicket: fc.Arbitrary<TicketData> = fc
  .uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-z][a-z0-9.]*$/),
      shape: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      seed: fc.infiniteStream(fc.constantFrom(0, 1)),
    }),
    { minLength: 1, maxLength: 5, selector: ({ name }) => name },
  )
  .map((layers) => ({
    provenance,
    layers: new Map(
      layers.map(({ name, shape, seed }) => {
        const length = shape.reduce((a, b) => a * b, 1);
        return [
          name,
          { shape, kept: Uint8Array.from({ length }, () => seed.next().value as number) },
        ];
      }),
    ),
  }));

describe('a ticket file', () => {
  it('packs eight weights a byte, lowest bit first', () => {
    const { tensors, metadata } = decodeSafetensors(encodeTicket(ticket), 'test');
    expect([...tensors.get('conv')!.data]).toEqual([0b1001, 0b10]);
    expect(metadata).toMatchObject({
      format: 'winnow-ticket',
      version: '1',
      encoding: 'bits',
      shapes: '{"conv":[5,2]}',
    });
    expect(JSON.parse(metadata['provenance']!)).toEqual(provenance);
  });

  it('or one weight a byte in the shape of the parameter', () => {
    const { tensors } = decodeSafetensors(encodeTicket(ticket, { encoding: 'bytes' }), 'test');
    expect(tensors.get('conv')).toEqual({ shape: [5, 2], data: kept });
  });

  it('gives back every ticket, and the same bytes for it, whatever the order of its provenance', () => {
    fc.assert(
      fc.property(anyTicket, fc.constantFrom('bits', 'bytes'), (data, encoding) => {
        const bytes = encodeTicket(data, { encoding });
        const { layers, provenance } = decodeTicket(bytes, 'test');
        expect([...layers]).toEqual([...data.layers]);
        expect(provenance).toEqual(data.provenance);
        const reversed = Object.fromEntries(Object.entries(provenance).reverse()) as never;
        expect(encodeTicket({ layers, provenance: reversed }, { encoding })).toEqual(bytes);
      }),
    );
  });

  it('leaves out what has no value, and is refused with a wrong one', () => {
    const without = { ...ticket, provenance: { ...provenance, objective: undefined } } as never;
    const { objective: _, ...rest } = provenance;
    expect(decodeTicket(encodeTicket(without), 'test').provenance).toEqual(rest);
    const wrong = { ...ticket, provenance: { ...provenance, methodOptions: 'x' } } as never;
    expect(() => encodeTicket(wrong)).toThrow(
      expect.objectContaining({
        code: 'BAD_TICKET',
        message: expect.stringContaining('"methodOptions"'),
      }),
    );
  });

  it('is written and read by path', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ticket-'));
    try {
      const path = join(folder, 'deep', 'ticket.safetensors');
      await writeTicket(path, ticket);
      expect(await readTicket(path)).toMatchObject({ kept: 3, size: 10, provenance });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  const { metadata } = decodeSafetensors(encodeTicket(ticket), 'test');
  const file = (changes: Record<string, string>, data: Uint8Array | Float32Array) =>
    encodeSafetensors([['conv', { shape: [data.length], data }]], { ...metadata, ...changes });
  const bits = Uint8Array.of(0b1001, 0b10);

  it.each([
    [
      'NOT_A_TICKET',
      'masks without metadata',
      encodeSafetensors([['conv', { shape: [10], data: kept }]]),
    ],
    ['TICKET_VERSION', 'a later version', file({ version: '2' }, bits)],
    ['BAD_TICKET', 'an unknown encoding', file({ encoding: 'runs' }, bits)],
    ['BAD_TICKET', 'a provenance that is not JSON', file({ provenance: '{' }, bits)],
    ['BAD_TICKET', 'a provenance without fields', file({ provenance: '{}' }, bits)],
    ['BAD_TICKET', 'a shape that is missing', file({ shapes: '{}' }, bits)],
    [
      'BAD_TICKET',
      'a layer called as what every object has, without a shape',
      encodeSafetensors([['toString', { shape: [2], data: bits }]], metadata),
    ],
    ['BAD_TICKET', 'a shape of more weights', file({ shapes: '{"conv":[5,4]}' }, bits)],
    ['BAD_TICKET', 'ones in the padding', file({}, Uint8Array.of(0b1001, 0b110))],
    ['BAD_TICKET', 'float masks', file({}, Float32Array.of(1, 0))],
    ['BAD_TICKET', 'bytes other than 0 and 1', file({ encoding: 'bytes' }, bits)],
  ])('is refused as %s for %s', (code, _, bytes) => {
    expect(() => decodeTicket(bytes, 'a.safetensors')).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringMatching(/^a\.safetensors is a /),
      }),
    );
  });

  it('with a damaged header is refused, not misread', () => {
    const good = encodeTicket(ticket);
    const headerLength = Number(Buffer.from(good).readBigUInt64LE());
    fc.assert(
      fc.property(fc.nat(7 + headerLength), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Uint8Array.from(good);
        bytes[at]! ^= flip;
        let read;
        try {
          read = decodeTicket(bytes, 'a.safetensors');
        } catch (error) {
          expect(error).toMatchObject({ name: 'WinnowError' });
          return;
        }
        // A letter of a note, or 5 × 3 for 5 × 2, may pass unnoticed; a kept weight is not lost.
        expect(read.kept).toBe(3);
      }),
    );
  });
});
