import { describe, expect, it } from '@jest/globals';
import { safetensorsMetadata, sealSafetensors } from './seal-safetensors.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';

const tensors = [
  ['a', { shape: [2], data: Float32Array.of(1, -2.5) }],
  ['1', { shape: [3], data: Uint8Array.of(7, 8, 9) }],
] as const;
const plain = encodeSafetensors(tensors, { values: '{"step":3}' });
const sealed = sealSafetensors(plain, { 'winnow.file': 'weights' });

describe('a sealed safetensors file', () => {
  it('says what it said, and what it is', () => {
    const file = decodeSafetensors(sealed, 'x');
    expect(file.tensors).toEqual(decodeSafetensors(plain, 'x').tensors);
    expect(file.metadata).toMatchObject({ values: '{"step":3}', 'winnow.file': 'weights' });
    expect(safetensorsMetadata(sealed, 'x')).toMatchObject({ sealed: true });
    expect(safetensorsMetadata(plain, 'x')).toMatchObject({ sealed: false });
  });

  it('is the same bytes every time, sealed again too', () => {
    expect(sealSafetensors(sealed, { 'winnow.file': 'weights' })).toEqual(sealed);
  });

  it('is refused with any of its bits flipped, unless that leaves all that it says', () => {
    const says = (bytes: Uint8Array) => {
      const { tensors, metadata } = decodeSafetensors(bytes, 'x');
      return [[...tensors], Object.entries(metadata).filter(([key]) => !/sha256/.test(key))];
    };
    const whole = says(sealed);
    let refused = 0;
    for (let bit = 0; bit < 8 * sealed.length; bit++) {
      const flipped = sealed.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      try {
        // Its own name flipped, the checksum is none: whoever needs one sees that.
        if (safetensorsMetadata(flipped, 'x').sealed)
          expect([bit, says(flipped)]).toEqual([bit, whole]);
        else refused++;
        decodeSafetensors(flipped, 'x');
      } catch (error) {
        expect((error as { code?: string }).code).toMatch(/^BAD_(CHECKSUM|SAFETENSORS)$/);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(0.9 * 8 * sealed.length);
  });

  it('names what is damaged', () => {
    const flipped = sealed.slice();
    flipped[flipped.length - 1]! ^= 1;
    expect(() => decodeSafetensors(flipped, 'run/weights')).toThrow(
      expect.objectContaining({
        code: 'BAD_CHECKSUM',
        message: expect.stringContaining('run/weights is not what was written'),
      }),
    );
  });
});
