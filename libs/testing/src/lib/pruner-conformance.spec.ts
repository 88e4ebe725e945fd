import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { hashed } from '@winnow/golden';
import { Packing } from '@winnow/models';
import {
  ComponentRegistry,
  type PrunerContext,
  type PrunerDescriptor,
  type TicketData,
  definePruner,
  interrupted,
  nextTurn,
} from '@winnow/plugin-api';
import pruners from '@winnow/pruners';
import { given } from '@winnow/pruners/files';
import { Ticket } from '@winnow/tickets';
import { writeTicket } from '@winnow/tickets/files';
import * as z from 'zod';
import { prunerConformance } from './pruner-conformance.ts';

jest.setTimeout(60_000);

const builtIn = new ComponentRegistry([...pruners.components, given]).all('pruner');
const folder = mkdtempSync(join(tmpdir(), 'winnow-given-'));
const ticket = join(folder, 'ticket.safetensors');
const OPTIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  cts: { searchEpochs: 1 },
  given: { ticket },
  ltr: { rate: 0.45 },
};

// Of the network that the checks are made on.
beforeAll(async () => {
  const layer = (...shape: [number, number]) => ({
    shape,
    kept: Uint8Array.from({ length: shape[0] * shape[1] }, (_, i) => +(i % 4 === 0)),
  });
  const layers = new Map([
    ['fc1.weight', layer(10, 16)],
    ['fc2.weight', layer(8, 10)],
    ['fc3.weight', layer(3, 8)],
  ]);
  const provenance = { method: 'other', density: 0.25, seed: 0, model: 'toy', weightsHash: '' };
  await writeTicket(ticket, new Ticket({ layers, provenance }));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(builtIn.map((pruner) => [pruner.name, pruner] as const))('%s', (name, pruner) => {
  for (const check of prunerConformance(pruner, { options: OPTIONS[name] ?? {} }))
    (check.skip ? it.skip : it)(check.name, check.run);
});

/** The largest weights after noise. */
function noisy(context: PrunerContext, density: number, noise: (count: number) => Float32Array) {
  const { network, parameters, seed, weightsHash } = context;
  const packing = Packing.prunable(network);
  const draws = noise(packing.size);
  const scores = packing.pack(parameters).map((w, i) => Math.abs(w) + draws[i]!);
  const provenance = { method: 'faulty', density, seed, model: network.name, weightsHash };
  return Ticket.keepLargest(packing.views(scores), density, provenance);
}
const faulty = (findTicket: (context: PrunerContext) => TicketData | Promise<TicketData>) =>
  definePruner({
    name: 'faulty',
    summary: 'something is wrong',
    options: z.strictObject({}),
    findTicket: (context) => Promise.resolve(context).then(findTicket),
  });
const step = { epoch: 0, epochs: 1, images: 1, values: {} };
const zeros = (count: number) => new Float32Array(count);
/** Three steps, which go on from the number of the next one, in the form that `keep` saves. */
const stepwise = (
  [keep, take]: [keep: (next: number) => unknown, take: (kept: unknown) => number],
  noise: (count: number, resumed: boolean) => Float32Array,
) =>
  faulty(async (context) => {
    const saved = (await context.checkpoints.load())?.values['next'];
    for (let n = saved === undefined ? 1 : take(saved); n <= 3; n++) {
      context.progress({ step: n, steps: 3, ...step });
      if (!context.signal.aborted) continue;
      await context.checkpoints.save({ arrays: {}, values: { next: keep(n + 1) } });
      throw interrupted();
    }
    return noisy(context, context.density, (count) => noise(count, saved !== undefined));
  });

describe('prunerConformance finds', () => {
  it.each<[fault: string, pruner: PrunerDescriptor, failing: RegExp]>([
    ['a weight too many', faulty((c) => noisy(c, c.density + 0.02, zeros)), /^keeps exactly/],
    [
      'draws from nowhere',
      faulty((c) => noisy(c, c.density, (n) => Float32Array.from({ length: n }, Math.random))),
      /^finds the same/,
    ],
    [
      'a signal that is ignored by throwing something else',
      faulty((context) => {
        context.progress({ step: 1, steps: 2, ...step });
        if (context.signal.aborted) throw new Error('Enough.');
        return noisy(context, context.density, (n) => context.random('own').normals(n, 0));
      }),
      /^stops when told/,
    ],
    [
      'a signal that is ignored',
      faulty((context) => {
        for (const n of [1, 2, 3]) context.progress({ step: n, steps: 3, ...step });
        return noisy(context, context.density, zeros);
      }),
      /^stops when told, and/,
    ],
    [
      'state that no file could hold',
      stepwise([(next) => new Set([next]), (kept) => [...(kept as Set<number>)][0]!], zeros),
      /^stops when told, and/,
    ],
    [
      'another ticket once it was stopped',
      stepwise([(next) => next, Number], (count, resumed) => hashed(count, 1, 0, Number(resumed))),
      /^stops when told, and/,
    ],
    [
      'work that goes on, and is not reported',
      faulty(async (context) => {
        for (let turn = 0; turn < 50; turn++) await nextTurn();
        return noisy(context, context.density, zeros);
      }),
      /^stops when told, also/,
    ],
  ])('%s', async (_, pruner, failing) => {
    const failed: string[] = [];
    for (const { name, run } of prunerConformance(pruner))
      await run().catch(() => failed.push(name));
    expect(failed.filter((name) => failing.test(name))).not.toEqual([]);
  });
});
