import { expect, it } from '@jest/globals';
import { crc32c } from './crc32c.ts';
import { tfRecord } from './tf-record.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

// The check value of the algorithm, and the examples of RFC 3720, appendix B.4.
it.each([
  ['123456789', Buffer.from('123456789'), 0xe3069283],
  ['32 bytes of zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of ones', new Uint8Array(32).fill(255), 0x62a8ab43],
  ['32 bytes that grow', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ['nothing', new Uint8Array(0), 0],
])('CRC-32C of %s', (_, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
});

it('a record has the bytes that TensorBoard 2.21 writes', () => {
  const event = '09000000000000f83f1a0d627261696e2e4576656e743a32';
  const expected = `1800000000000000a37f4b22${event}2a28646c`;
  expect(hex(tfRecord(Buffer.from(event, 'hex')))).toBe(expected);
});
