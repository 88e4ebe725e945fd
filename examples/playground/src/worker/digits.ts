import packed from '@winnow/datasets/assets/digits.csv.gz?url';
import { DIGITS, digitsIn } from '@winnow/datasets/table';
import { WinnowError } from '@winnow/plugin-api';
import { LEARNING_RATE } from '../plan.ts';
import type { Images } from './images.ts';

const BRIGHTEST = 16;

/** What a gzip file begins with; a server may have unpacked it on the way. */
const GZIP = [0x1f, 0x8b];

async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (!GZIP.every((byte, i) => bytes[i] === byte)) return new TextDecoder().decode(bytes);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}

/** The handwritten digits that come with Winnow. */
export async function openDigits(): Promise<Images> {
  const response = await fetch(packed);
  if (!response.ok) {
    throw new WinnowError('DATA_NOT_FOUND', `The digits are not there (${response.status}).`, {
      hint: 'Load the page again.',
    });
  }
  const csv = await unpacked(new Uint8Array(await response.arrayBuffer()));
  const classNames = Array.from({ length: 10 }, (_, digit) => String(digit));
  const { normalization } = DIGITS;
  const digits = digitsIn(csv);
  const recipe = { ...digits.recipe, learningRate: LEARNING_RATE };
  return { ...digits, recipe, classNames, normalization, brightest: BRIGHTEST };
}
