import { expect, it } from '@jest/globals';
import { type RunConfig, RunFolder, memoryRunStore } from '@winnow/experiments';
import fc from 'fast-check';
import type { Sharing } from '../share/shared-runs.ts';
import type { NamedRun } from './named-run.ts';
import { type Made, planJobs } from './run-job.ts';

const run = (name: string, rewindEpochs = 1): NamedRun => ({
  name,
  folder: new RunFolder(memoryRunStore(undefined, `/runs/${name}`)),
  config: { rewindEpochs } as RunConfig,
});

function planned(
  runs: readonly NamedRun[],
  sharing: ReadonlyMap<NamedRun, Sharing>,
  made: ReadonlyMap<NamedRun, Made> = new Map(),
  until: 'ticket' | 'end' = 'end',
) {
  const nothing = { start: false, ticket: false };
  const all = new Map(runs.map((one) => [one, sharing.get(one) ?? {}]));
  const has = new Map(runs.map((one) => [one, made.get(one) ?? nothing]));
  return planJobs(runs, until, all, has).map(({ name, until: point, after }) => {
    const waits = after.map((job) => `${job.name} (${job.until})`).join(', ');
    return `${name} to ${point}${waits && ` after ${waits}`}`;
  });
}

const [a, b, c] = ['a', 'b', 'c'].map((name) => run(name)) as [NamedRun, NamedRun, NamedRun];

it('makes a start point that several share once, before them', () => {
  const sharing = new Map([
    [b, { start: a }],
    [c, { start: a }],
  ]);
  expect(planned([a, b, c], sharing)).toEqual([
    'a, start point to start',
    'a to end after a, start point (start)',
    'b to end after a, start point (start)',
    'c to end after a, start point (start)',
  ]);
  const made = new Map([[a, { start: true, ticket: false }]]);
  expect(planned([a, b], sharing, made)).toEqual(['a to end', 'b to end']);
  // The first is done.
  expect(planned([b, c], sharing)).toEqual(['b to end', 'c to end']);
});

it('makes no job of a start before any training', () => {
  const [one, two] = [run('one', 0), run('two', 0)];
  expect(planned([one, two], new Map([[two, { start: one }]]))).toEqual([
    'one to end',
    'two to end',
  ]);
});

it('has the search that others take from before theirs, after its own start point', () => {
  const sharing = new Map([
    [a, { start: b }],
    [b, {}],
    [c, { start: b, rounds: a }],
  ]);
  expect(planned([a, b, c], sharing)).toEqual([
    'b, start point to start',
    'a, ticket to ticket after b, start point (start)',
    'a to end after b, start point (start), a, ticket (ticket)',
    'b to end after b, start point (start)',
    'c to end after b, start point (start), a, ticket (ticket)',
  ]);
  expect(planned([a, b, c], sharing, new Map(), 'ticket')).toEqual([
    'b, start point to start',
    'a to ticket after b, start point (start)',
    'b to ticket after b, start point (start)',
    'c to ticket after b, start point (start), a (ticket)',
  ]);
});

it('has the search that passes through the ticket that others take before the search for that', () => {
  // Of ltr at 0.2 and 0.05, each fine-tuned too: one search, the lowest density's, makes the tickets of all four.
  const [high, tuned, low, lowTuned] = ['0.2', '0.2 tuned', '0.05', '0.05 tuned'].map((name) =>
    run(name, 0),
  ) as [NamedRun, NamedRun, NamedRun, NamedRun];
  const sharing = new Map<NamedRun, Sharing>([
    [high, { rounds: low }],
    [tuned, { ticket: high }],
    [low, {}],
    [lowTuned, { ticket: low }],
  ]);
  expect(planned([high, tuned, low, lowTuned], sharing)).toEqual([
    '0.05, ticket to ticket',
    '0.2, ticket to ticket after 0.05, ticket (ticket)',
    '0.2 to end after 0.2, ticket (ticket)',
    '0.2 tuned to end after 0.2, ticket (ticket)',
    '0.05 to end after 0.05, ticket (ticket)',
    '0.05 tuned to end after 0.05, ticket (ticket)',
  ]);
});

it('has every run once to its end, and nothing before what it waits for', () => {
  const runs = Array.from({ length: 6 }, (_, i) => run(`r${i}`));
  const other = fc.option(fc.nat(5), { nil: undefined });
  const facts = fc.record({ start: fc.boolean(), ticket: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(other, other, other), { minLength: 6, maxLength: 6 }),
      fc.array(facts, { minLength: 6, maxLength: 6 }),
      fc.constantFrom('ticket' as const, 'end' as const),
      (shares, has, until) => {
        const sharing = new Map(
          runs.map((one, i) => {
            const [start, ticket, rounds] = shares[i]!.map((n) =>
              n === undefined || n === i ? undefined : runs[n],
            );
            const own: Sharing = {
              ...(start && { start }),
              ...(ticket && { ticket }),
              ...(rounds && { rounds }),
            };
            return [one, own];
          }),
        );
        const made = new Map(runs.map((one, i) => [one, has[i]!]));
        const jobs = planJobs(runs, until, sharing, made);
        const ends = jobs.filter((job) => job.until === until);
        expect(new Set(ends.map((job) => job.run)).size).toBe(6);
        expect(ends).toHaveLength(6);
        for (const [i, { after }] of jobs.entries())
          for (const before of after) expect(jobs.slice(0, i)).toContain(before);
      },
    ),
    { numRuns: 200 },
  );
});
