import { expect, it, jest } from '@jest/globals';
import { KeptPixels } from './kept-pixels.ts';

it('decodes an image once, and one that failed again', async () => {
  const kept = new KeptPixels(3, 2);
  const decode = jest.fn(() => Promise.resolve(Uint8Array.of(7, 9)));
  const failing = () => Promise.reject(new Error('damaged'));
  await expect(kept.of(1, failing)).rejects.toThrow('damaged');
  for (let i = 0; i < 3; i++) expect(await kept.of(1, decode)).toEqual(Uint8Array.of(7, 9));
  expect(decode).toHaveBeenCalledTimes(1);
  expect(await kept.of(2, () => Promise.resolve(Uint8Array.of(1, 2)))).toEqual(Uint8Array.of(1, 2));
  expect(await kept.of(1, failing)).toEqual(Uint8Array.of(7, 9));
});

it('keeps none of more than 256 MiB', async () => {
  const kept = new KeptPixels(2 ** 20, 257);
  const decode = jest.fn(() => Promise.resolve(new Uint8Array(257)));
  for (let i = 0; i < 2; i++) await kept.of(0, decode);
  expect(decode).toHaveBeenCalledTimes(2);
});
