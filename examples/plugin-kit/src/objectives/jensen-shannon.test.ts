import { test } from 'node:test';
import { wasm } from '@winnow/tensor-backend';
import { objectiveConformance, valueOnLogits } from '@winnow/testing';
import { near } from '../testing/near.ts';
import { jensenShannon } from './jensen-shannon.ts';

for (const { name, skip, run } of objectiveConformance(jensenShannon)) test(name, { skip }, run);

/** Of the logits of one example. */
const divergence = (sparse: number[], dense: number[]) =>
  valueOnLogits(jensenShannon, { sparse: [sparse], dense: [dense] });

test('is 0 between equals, ln 2 between opposites, and as by hand in between', async () => {
  await wasm.start();
  near(divergence([1, 2, 3], [2, 3, 4]), 0);
  near(divergence([200, 0], [0, 200]), Math.LN2);
  // p = (3/4, 1/4), q = (1/4, 3/4), m = (1/2, 1/2): (3/4) ln (3/2) + (1/4) ln (1/2).
  const expected = 0.75 * Math.log(1.5) + 0.25 * Math.log(0.5);
  near(divergence([Math.log(3), 0], [0, Math.log(3)]), expected);
  near(divergence([0, Math.log(3)], [Math.log(3), 0]), expected);
});
