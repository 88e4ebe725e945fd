import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { wasm } from '@winnow/tensor-backend';
import { prunerConformance } from '@winnow/testing';
import { foundOnToy } from '../testing/found-on-toy.ts';
import { erk } from './erk.ts';

before(() => wasm.start());

for (const { name, skip, run } of prunerConformance(erk)) test(name, { skip }, run);
for (const { name, skip, run } of prunerConformance(erk, { options: { denseLayers: ['fc3.*'] } })) {
  const reason = name.startsWith('keeps exactly') ? 'fc3 has more weights than are kept' : skip;
  test(`with a dense layer: ${name}`, { skip: reason }, run);
}

/** How many weights stay of the stem's 16, the depthwise convolution's 16 and the linear layer's 88. */
const counts = async (density: number, ...denseLayers: readonly string[]) =>
  (await foundOnToy(erk, density, { denseLayers })).counts;

test('keeps of each layer a part that goes with the sum of its shape', async () => {
  // 30 in proportion 2 + 2 + 1 + 4 twice, and 4 + 22: 6.1, 6.1, 17.7.
  assert.deepEqual(await counts(0.25), [6, 6, 18]);
  // Of 90 the small layers would have 18.4 each.
  assert.deepEqual(await counts(0.75), [16, 16, 58]);
});

test('leaves the layers dense that are named, and the others make up for them', async () => {
  // 14 are left, in proportion 9 to 26: 3.6, 10.4.
  assert.deepEqual(await counts(0.25, 'depthwise.*'), [4, 16, 10]);
});

test('refuses names that are none, and dense layers that are too large', async () => {
  await assert.rejects(counts(0.25, 'depthwize.*'), { code: 'BAD_LAYER' });
  await assert.rejects(counts(0.25, 'stem.weight', 'depthwise.weight'), { code: 'LAYER_DENSITY' });
});
