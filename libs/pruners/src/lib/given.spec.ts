import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PrunerContext, TicketData } from '@winnow/plugin-api';
import { writeTicket } from '@winnow/tickets/files';
import { given } from './given.ts';

const ticketOn = (weightsHash: string): TicketData => ({
  layers: new Map([['w', { shape: [2, 4], kept: Uint8Array.of(0, 1, 0, 0, 0, 0, 1, 0) }]]),
  provenance: { method: 'cts', density: 0.25, seed: 4, model: 'toy', weightsHash },
});
const initializer = { kind: 'constant', value: 0 } as const;
const context = {
  network: {
    name: 'toy',
    parameters: [{ name: 'w', shape: [2, 4], prunable: true, initializer, usesPerImage: 1 }],
  },
  density: 0.25,
  weightsHash: 'these',
} as unknown as PrunerContext;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-given-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function found(weightsHash: string, changes: Partial<PrunerContext> = {}) {
  const ticket = join(folder, `on-${weightsHash}.safetensors`);
  await writeTicket(ticket, ticketOn(weightsHash));
  return given.findTicket({ ...context, ...changes }, { ticket });
}

describe('given', () => {
  it('takes the ticket with where it comes from', async () => {
    expect(await found('these')).toEqual(ticketOn('these'));
  });

  it('says so where the ticket does not tell its weights', async () => {
    const { layers, provenance } = await found('');
    expect(layers).toEqual(ticketOn('').layers);
    expect(provenance.weightsHash).toBe('these');
    expect(provenance.notes).toEqual(['the weights that it was found on are not known']);
  });

  it('refuses other weights, another density and another network', async () => {
    await expect(found('those')).rejects.toMatchObject({ code: 'TICKET_MISMATCH' });
    await expect(found('these', { density: 0.5 })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('Leave --density out, or give 0.25.'),
    });
    const network = { ...context.network, parameters: [] };
    await expect(found('these', { network })).rejects.toMatchObject({ code: 'TICKET_MISMATCH' });
  });
});
