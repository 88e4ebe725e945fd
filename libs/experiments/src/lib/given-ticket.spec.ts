import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TicketData } from '@winnow/plugin-api';
import { cpu } from '@winnow/tensor-backend';
import { writeTicket } from '@winnow/tickets/files';
import { RunFolder } from './run-folder.ts';
import { memoryRunStore } from './store/memory-run-store.ts';
import { attemptToy, planToy } from './testing/toy-run.ts';

let ticket: string;
beforeAll(async () => {
  await cpu.start();
  ticket = join(await mkdtemp(join(tmpdir(), 'winnow-given-')), 'ticket.safetensors');
});
afterAll(() => rm(join(ticket, '..'), { recursive: true }));

/** Of the toy's 32 and 16 weights every second, or the first half. */
function halfOf(which: 'even' | 'first', { units = 8 } = {}): TicketData {
  const mask = (...shape: [number, number]) => {
    const size = shape[0] * shape[1];
    const isKept = (i: number) => (which === 'even' ? i % 2 === 0 : i < size / 2);
    return { shape, kept: Uint8Array.from({ length: size }, (_, i) => Number(isKept(i))) };
  };
  const provenance = { method: 'theirs', density: 0.5, seed: 1, model: '', weightsHash: '' };
  return {
    layers: new Map([
      ['hidden.weight', mask(units, 4)],
      ['head.weight', mask(2, units)],
    ]),
    provenance,
  };
}

const plan = (asked: Parameters<typeof planToy>[0] = {}) =>
  planToy({ method: 'given', density: undefined, options: { ticket }, ...asked });

describe('a run under a ticket that was found elsewhere', () => {
  it('is another run where the file holds another one, and does not go on with that', async () => {
    await writeTicket(ticket, halfOf('even'));
    const before = await plan();
    const [done, begun] = [new RunFolder(memoryRunStore()), new RunFolder(memoryRunStore())];
    await attemptToy(before, done);
    await writeTicket(ticket, halfOf('first'));
    const after = await plan();
    expect(after.name).not.toBe(before.name);
    const again = attemptToy(after, done);
    await expect(again).rejects.toMatchObject({ code: 'DATA_CHANGED' });
    const changed = attemptToy(before, begun);
    await expect(changed).rejects.toMatchObject({ code: 'DATA_CHANGED' });
    // What has its ticket needs the file no more.
    expect((await attemptToy(before, done)).result).toMatchObject({ kept: 24 });
  });

  it.each([
    ['TICKET_MISMATCH', { units: 4 }, {}],
    ['INVALID_OPTION', {}, { density: 0.25 }],
  ])('is refused as %s before anything is trained', async (code, sizes, asked) => {
    await writeTicket(ticket, halfOf('even', sizes));
    const folder = new RunFolder(memoryRunStore());
    const refused = attemptToy(await plan({ start: 'rewind', epochs: 4, ...asked }), folder);
    await expect(refused).rejects.toMatchObject({ code });
    expect(await folder.has('start')).toBe(false);
  });
});
