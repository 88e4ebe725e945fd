import { expect, it } from '@jest/globals';
import { RunFolder, type RunConfig, memoryRunStore } from '@winnow/experiments';
import { ComponentRegistry } from '@winnow/plugin-api';
import pruners from '@winnow/pruners';
import { WHOLE_CONFIG } from '../testing/config-variations.ts';
import type { NamedRun } from '../execute/named-run.ts';
import { type Given, type Sharing, sharedRuns } from './shared-runs.ts';

const registry = new ComponentRegistry(pruners.components);
const LTR = { rate: 0.8 };
const NOTHING: Given = { start: false, ticket: false, rounds: false, isOver: false };
const ALL: Given = { start: true, ticket: true, rounds: true, isOver: true };

/** Of ltr, whose rounds keep 0.8 of the weights before. */
const run = (density: number, isTuned = false): NamedRun => {
  const { fineTune, layerDensities, ablation, ...rest } = WHOLE_CONFIG;
  const method = { name: 'ltr', given: {}, options: LTR };
  const config = { ...rest, method, density, ...(isTuned && { fineTune }) } as unknown as RunConfig;
  const name = `${density}${isTuned ? ' tuned' : ''}`;
  return { name, folder: new RunFolder(memoryRunStore(undefined, `/runs/${name}`)), config };
};

/** Whom each takes from, by names. */
function shared(runs: readonly (readonly [run: NamedRun, given: Given])[]) {
  const sharing = sharedRuns(
    runs.map(([one]) => one),
    new Map(runs),
    registry,
  );
  const named = (own: Sharing) =>
    Object.fromEntries(
      Object.entries(own).map(([what, { name }]: [string, NamedRun]) => [what, name]),
    );
  return Object.fromEntries([...sharing].map(([{ name }, own]) => [name, named(own)]));
}

it('takes from the first, and rounds from the lowest density', () => {
  const all = [run(0.512), run(0.512, true), run(0.4096), run(0.4096, true)];
  expect(shared(all.map((one) => [one, NOTHING]))).toEqual({
    '0.512': { rounds: '0.4096' },
    '0.512 tuned': { start: '0.512', ticket: '0.512' },
    '0.4096': { start: '0.512' },
    '0.4096 tuned': { start: '0.512', ticket: '0.4096' },
  });
});

it('takes from who has it rather than from who is to make it, and never from who is over without it', () => {
  const all = [run(0.512), run(0.4096)] as const;
  expect(
    shared([
      [all[0], NOTHING],
      [all[1], ALL],
    ])['0.512'],
  ).toEqual({ start: '0.4096', rounds: '0.4096' });
  expect(
    shared([
      [all[0], { ...NOTHING, isOver: true }],
      [all[1], NOTHING],
    ]),
  ).toEqual({ '0.512': { start: '0.4096', rounds: '0.4096' }, '0.4096': {} });
});

it('expects no rounds of who takes a ticket whose rounds are not kept', () => {
  const kept = { ...ALL, rounds: false };
  const found = shared([
    [run(0.64), NOTHING],
    [run(0.512), NOTHING],
    [run(0.4096), kept],
    [run(0.4096, true), NOTHING],
  ]);
  expect(found['0.4096 tuned']).toMatchObject({ ticket: '0.4096' });
  expect(found['0.64']).toMatchObject({ rounds: '0.512' });
  expect(found['0.512']).not.toHaveProperty('rounds');
});
