import { expect, it } from '@jest/globals';
import { ticketNotes } from './ticket-notes.ts';

const run = (label: string, density: number, seed: number, ...notes: string[]) => ({
  ...{ label, density, seed },
  ...(notes.length > 0 && { notes }),
});

it('names the runs that a note is of, once, without its numbers', () => {
  const runs = [
    run('cts', 0.1, 2, 'the search had not settled: it ended at 7 %'),
    run('cts', 0.1, 1, 'the search had not settled: it ended at 8 %', 'imported'),
    run('cts', 0.1, 1, 'the search had not settled: it ended at 8 %'),
    run('cts', 0.02, 1, 'the search had not settled: it ended at 1 %'),
    run('snip', 0.1, 1),
  ];
  expect(ticketNotes(runs)).toEqual([
    'The search had not settled: cts at 10 %, seeds 1, 2; cts at 2 %, seed 1.',
    'Imported: cts at 10 %, seed 1.',
  ]);
  expect(ticketNotes([run('snip', 0.1, 1)])).toEqual([]);
});
