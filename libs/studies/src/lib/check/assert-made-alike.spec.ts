import { describe, expect, it } from '@jest/globals';
import type { RunConfig } from '@winnow/experiments';
import { assertMadeAlike } from './assert-made-alike.ts';

const run = (...instructions: string[]) => ({
  config: {} as RunConfig,
  environments: instructions.map((set) => ({ backend: 'native', instructions: set })),
});

describe('assertMadeAlike', () => {
  it('takes runs of one instruction set', () => {
    expect(() => assertMadeAlike([run('avx2'), run('avx2')], ['a', 'b'])).not.toThrow();
  });

  it.each([
    ['another', [run('avx512'), run('sse2')], 'a was made by avx512, and b by sse2.'],
    [
      'one that changed',
      [run('avx2'), run('avx2', 'sse2')],
      'a was made by avx2, and b by avx2 then sse2.',
    ],
  ])('refuses %s, by name', (_, runs, message) => {
    expect(() => assertMadeAlike(runs, ['a', 'b'])).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(message),
      }),
    );
  });
});
