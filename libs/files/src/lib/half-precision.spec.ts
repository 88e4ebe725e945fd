import { expect, it } from '@jest/globals';
import { fromBfloat16, fromFloat16 } from './half-precision.ts';

// Bits by the tables of IEEE 754 binary16, as in https://en.wikipedia.org/wiki/Half-precision_floating-point_format.
it('reads half precision', () => {
  const bits = [
    0x0000, 0x8000, 0x0001, 0x03ff, 0x0400, 0x3555, 0x3c00, 0xc000, 0x7bff, 0x7c00, 0xfc00,
  ];
  const values = [
    0,
    -0,
    2 ** -24,
    2 ** -14 - 2 ** -24,
    2 ** -14,
    0.333251953125,
    1,
    -2,
    65504,
    Infinity,
    -Infinity,
  ];
  expect([...fromFloat16(Uint16Array.from(bits))]).toEqual(values);
  expect(fromFloat16(Uint16Array.of(0x7e00))[0]).toBeNaN();
});

it('reads bfloat16', () => {
  const bits = Uint16Array.of(0x0000, 0x3f80, 0xc000, 0x4049, 0x7f80);
  expect([...fromBfloat16(bits)]).toEqual([0, 1, -2, 3.140625, Infinity]);
  expect(fromBfloat16(Uint16Array.of(0x7fc0))[0]).toBeNaN();
});
