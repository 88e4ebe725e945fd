import { expect, it } from '@jest/globals';
import type { RunResult } from '../run-result.ts';
import { savingFacts, savingTable } from './saving.ts';

const result = {
  ...{ kept: 250, size: 1000, multiplyAdds: { dense: 4e6, kept: 1e6 } },
  bytes: { dense: 4000, sparse: 2000, bitmask: 1125 },
} as RunResult;
const speed = {
  ...{ batch: 32, backend: 'native', threads: 1 },
  dense: { train: null, inference: 6 },
  ticket: { train: 5, inference: 2.5 },
};

it('tells the smaller file, shares of all, and by how much a batch is faster', () => {
  expect(savingFacts(result, speed).map(({ beside }) => beside)).toEqual([
    'of 1,000 (25.0 %)',
    'instead of 4,000 B',
    'of 4.00 M (25.0 %)',
    'a batch of 32; 6 ms with all weights (2.4×)',
  ]);
  expect(savingFacts(result, speed)[1]!.value).toBe('1,125 B');
  expect(savingTable(result, speed).rows.slice(-2)).toEqual([
    ['training step, a batch of 32', '', '5 ms', ''],
    ['inference, a batch of 32', '6 ms', '2.5 ms', '41.7 %'],
  ]);
});

it('has nothing of time where it was not measured', () => {
  expect(savingFacts(result, undefined)).toHaveLength(3);
  expect(savingFacts(result, { ...speed, ticket: undefined as never })).toHaveLength(3);
  expect(savingTable(result, undefined).rows).toHaveLength(4);
});
