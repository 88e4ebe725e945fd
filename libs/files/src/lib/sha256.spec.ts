import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { portableSha256 } from './portable-sha256.ts';
import { sha256 } from './sha256.ts';

describe('sha256', () => {
  it.each([
    // FIPS 180-2, appendices B.1 and B.2
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('is that of the standard for %s', (text, digest) => {
    expect(sha256(text)).toBe(digest);
    expect(sha256(text.slice(0, 2), Buffer.from(text.slice(2)))).toBe(digest);
    expect(portableSha256([Buffer.from(text.slice(0, 2)), Buffer.from(text.slice(2))])).toBe(
      digest,
    );
  });

  it('hashes texts in UTF-8 and the bytes of views, as Node does', () => {
    const parts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 200 }),
      fc.float64Array({ maxLength: 20 }).map((values) => values.subarray(1)),
    );
    fc.assert(
      fc.property(fc.array(parts), (given) => {
        const hash = createHash('sha256');
        for (const part of given) hash.update(part);
        expect(sha256(...given)).toBe(hash.digest('hex'));
      }),
    );
  });
});
