import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { wasm } from '@winnow/tensor-backend';
import { objectiveConformance, valueOnLogits } from '@winnow/testing';
import { near } from '../testing/near.ts';
import { focal } from './focal.ts';

before(() => wasm.start());

for (const gamma of [0, 0.5, 2])
  for (const { name, skip, run } of objectiveConformance(focal.configure({ gamma })))
    test(`γ = ${gamma}: ${name}`, { skip }, run);

const loss = (gamma: number, sparse: number[][], labels: number[]) =>
  valueOnLogits(focal.configure({ gamma }), { sparse, dense: sparse, labels });

test('is as by hand', () => {
  // Probabilities 3/4 and 1/4.
  const logits = [Math.log(3), 0];
  near(loss(2, [logits], [0]), (1 / 4) ** 2 * Math.log(4 / 3));
  near(loss(2, [logits], [1]), (3 / 4) ** 2 * Math.log(4));
  near(loss(0.5, [logits], [1]), Math.sqrt(3 / 4) * Math.log(4));
  near(loss(0, [logits, logits], [0, 1]), (Math.log(4 / 3) + Math.log(4)) / 2);
  // Of three classes: 9/13, 3/13, 1/13.
  near(loss(1, [[Math.log(9), Math.log(3), 0]], [1]), (10 / 13) * Math.log(13 / 3));
});

test('is a hundredth of the cross-entropy at p_t = 0.9, as the paper says of γ = 2', () => {
  const logits = [[Math.log(9), 0]];
  near(loss(0, logits, [0]) / loss(2, logits, [0]), 100);
});

test('stays finite where a probability is 0 or 1', () => {
  near(loss(0.5, [[200, 0]], [0]), 0);
  near(loss(0.5, [[200, 0]], [1]), 200);
});

test('has γ = 2 unless told, and none below 0', () => {
  const given = { sparse: [[1, 0]], dense: [[1, 0]] };
  assert.equal(valueOnLogits(focal, given), valueOnLogits(focal.configure({ gamma: 2 }), given));
  assert.throws(() => focal.configure({ gamma: -1 }), { code: 'INVALID_OPTION' });
});
