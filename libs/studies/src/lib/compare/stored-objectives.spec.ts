import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineObjective } from '@winnow/plugin-api';
import * as z from 'zod';
import { makeRun } from '../testing/made-run.ts';
import {
  keepObjectives,
  keptObjectives,
  readStoredObjectives,
  storedName,
  versionsOfValues,
} from './stored-objectives.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'winnow-stored-'));
});
afterAll(() => rm(root, { recursive: true }));

it('keeps a value under one name, in whatever order options are given', () => {
  const focal = defineObjective({
    name: 'focal',
    summary: '',
    options: z.strictObject({
      gamma: z.number().default(2),
      weights: z.record(z.string(), z.number()).default({}),
    }),
    lossScale: 1,
    stationaryAtDense: false,
    evaluate: () => {
      throw new Error('Not called here.');
    },
  });
  const one = storedName(focal.configure({ weights: { a: 1, b: 2 }, gamma: 2 }));
  expect(one).toBe('focal {"gamma":2,"weights":{"a":1,"b":2}}');
  expect(storedName(focal.configure({ weights: { b: 2, a: 1 } }))).toBe(one);
});

describe('values that a run keeps', () => {
  const full = {
    ...{ images: 324, backend: 'native', plugins: ['c0ffee'] },
    versions: { winnow: '0.1.0', commit: 'a1b2c3' },
  };
  const ticket = { kl: 0.5, loss: null };
  const runOf = (name: string) => makeRun({ root, name, method: 'snip', density: 0.1, seed: 1 });

  it.each([
    ['over other images', { images: 100 }],
    ['by another backend', { backend: 'wasm' }],
    ['with other plugins', { plugins: [] }],
  ] as const)('are not those %s, and outlast them', async (what, own) => {
    const run = await runOf(what);
    await keepObjectives(run, { ...full, ticket, dense: { kl: 0 } });
    const other = { ...full, ...own };
    expect(await readStoredObjectives(run, other)).toEqual(other);
    await keepObjectives(run, { ...other, ticket: { loss: 3 } });
    expect(await readStoredObjectives(run, other)).toEqual({ ...other, ticket: { loss: 3 } });
    expect(await readStoredObjectives(run, full)).toEqual({ ...full, ticket, dense: { kl: 0 } });
  });

  it.each([
    ['version', { winnow: '0.2.0' }],
    ['commit', { commit: 'd4e5f6' }],
  ])('are not those of another %s, which take their place', async (what, own) => {
    const run = await runOf(what);
    await keepObjectives(run, { ...full, ticket });
    const other = { ...full, versions: { ...full.versions, ...own } };
    expect(await readStoredObjectives(run, other)).toEqual(other);
    await keepObjectives(run, { ...other, ticket: { loss: 3 } });
    expect(await keptObjectives(run)).toEqual([{ ...other, ticket: { loss: 3 } }]);
  });

  it('are of a version and a commit of Winnow, whatever else has versions', () => {
    const here = { ...full.versions, node: '22', tfjs: '4' };
    expect(versionsOfValues(here)).toEqual(full.versions);
    expect(versionsOfValues({ winnow: '0.1.0', node: '22' })).toEqual({ winnow: '0.1.0' });
  });
});
