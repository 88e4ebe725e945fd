import { expect, it } from '@jest/globals';
import { type Objective, defineObjective } from '@winnow/plugin-api';
import * as z from 'zod';
import type { NamedRun } from '../execute/named-run.ts';
import { configuredAsIn, optionNotes } from './objective-options.ts';

const scaled: Objective = defineObjective({
  name: 'scaled',
  summary: '',
  options: z.strictObject({ times: z.number().default(2) }),
  lossScale: 1,
  stationaryAtDense: false,
  evaluate: () => {
    throw new Error('Not called here.');
  },
});
const searched = (given: object, name = 'scaled') =>
  ({
    config: { objective: { name, given, options: { times: 2, ...given } } },
  }) as unknown as NamedRun;

it.each<[what: string, runs: NamedRun[], given: object]>([
  ['of all that were searched by it', [searched({ times: 3 }), searched({}, 'kl')], { times: 3 }],
  ['of none, where they differ', [searched({ times: 3 }), searched({ times: 4 })], {}],
  ['of none, where it takes them no more', [searched({ factor: 3 })], {}],
  ['of none, where none was searched by it', [searched({ times: 3 }, 'kl')], {}],
])('has the options %s', (_, runs, given) => {
  expect(configuredAsIn(runs, scaled).given).toEqual(given);
});

it('tells with which it is evaluated, and whose search had others', () => {
  const runs = [searched({ times: 3 }), searched({ times: 4 }), searched({}, 'kl')];
  const labels = ['cts (scaled, times 3)', 'cts (scaled, times 4)', 'cts (kl)'];
  expect(optionNotes([scaled.configure({ times: 3 })], runs, labels)).toEqual([
    '"scaled" is evaluated with times 3; the search of cts (scaled, times 4) had other options.',
  ]);
});
