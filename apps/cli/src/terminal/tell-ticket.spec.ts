import { expect, it } from '@jest/globals';
import { Ticket } from '@winnow/tickets';
import { ticketLines } from './tell-ticket.ts';

it('says of a layer that lacks a weight of many that it is not whole', () => {
  const kept = new Uint8Array(20_000).fill(1);
  kept[7] = 0;
  const provenance = {
    ...{ method: 'snip', model: 'toy', density: 0.99995, seed: 1, start: 'init' as const },
    ...{ weightsHash: '', options: {} },
  };
  const ticket = new Ticket({ layers: new Map([['fc', { shape: [200, 100], kept }]]), provenance });
  const layer = { name: 'fc', shape: [200, 100], kept: 19_999, size: 20_000, density: 0.99995 };
  const [, table, sum] = ticketLines({ ticket, layers: [layer] });
  expect(table).toContain('│ 99.995 % │');
  expect(sum).toBe('19,999 of 20,000 weights kept (99.995 %)');
});
