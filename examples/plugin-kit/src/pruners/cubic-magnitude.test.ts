import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ltr } from '@winnow/pruners';
import { wasm } from '@winnow/tensor-backend';
import { prunerConformance } from '@winnow/testing';
import { foundOnToy } from '../testing/found-on-toy.ts';
import { near } from '../testing/near.ts';
import { cubicDensity, cubicMagnitude } from './cubic-magnitude.ts';

before(() => wasm.start());

for (const { name, skip, run } of prunerConformance(cubicMagnitude, { options: { rounds: 3 } }))
  test(name, { skip }, run);

test('falls along the cube, and ends at κ', () => {
  // Of a sparsity of 0.8, half way 1 − 1/8 is reached, and after a quarter 1 − 27/64.
  near(cubicDensity(0, 4, 0.2), 1);
  near(cubicDensity(1, 4, 0.2), 1 - 0.8 * (37 / 64));
  near(cubicDensity(2, 4, 0.2), 0.3);
  near(cubicDensity(3, 4, 0.2), 1 - 0.8 * (63 / 64));
  near(cubicDensity(4, 4, 0.2), 0.2);
});

test('keeps in each round what the schedule says', async () => {
  const { counts, rounds } = await foundOnToy(cubicMagnitude, 0.2, { rounds: 4, roundEpochs: 1 });
  // Of 120 weights all, ⌊120 · 0.5375⌋, ⌊120 · 0.3⌋, ⌊120 · 0.2125⌋, and in the end ⌊120 · 0.2⌋.
  assert.deepEqual(rounds, [120, 64, 36, 25]);
  assert.equal(
    counts.reduce((a, b) => a + b),
    24,
  );
});

test('of one round is what the built-in ltr finds in one', async () => {
  const own = await foundOnToy(cubicMagnitude, 0.2, { rounds: 1 });
  assert.deepEqual(own, await foundOnToy(ltr, 0.2, { rate: 0.2 }));
});
