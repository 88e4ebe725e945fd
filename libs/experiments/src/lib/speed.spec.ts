import { expect, it } from '@jest/globals';
import { tellSpeed } from './speed.ts';

it('is told of the dense network and the ticket', () => {
  const dense = { train: 85.2, inference: 22.1 };
  const place = { batch: 128, backend: 'native', threads: 2, instructions: 'avx2' };
  expect(tellSpeed({ ...place, dense, ticket: { train: 12.3, inference: 3.4 } })).toEqual({
    heading: 'One batch of 128 images, measured once on native, 2 threads, avx2',
    columns: ['', 'dense', 'ticket'],
    rows: [
      ['training step', '85.2 ms', '12.3 ms'],
      ['inference', '22.1 ms', '3.4 ms'],
    ],
  });
});

it('says what took too long, and needs no ticket', () => {
  const dense = { train: null, inference: 1900 };
  expect(tellSpeed({ batch: 8, backend: 'cpu', threads: 1, dense })).toEqual({
    heading: 'One batch of 8 images, measured once on cpu, 1 thread',
    columns: ['', 'dense'],
    rows: [
      ['training step', 'takes too long to be measured'],
      ['inference', '1900 ms'],
    ],
  });
});
