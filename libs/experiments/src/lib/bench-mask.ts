import { Packing, leaveOut } from '@winnow/models';
import type { Network, RandomStreams } from '@winnow/plugin-api';
import { type Ticket, assertFits } from '@winnow/tickets';
import { parameterMask } from '@winnow/training';

/** 1 with probability κ for each prunable weight, 1 for what is not pruned; packed. */
export function randomMask(network: Network, density: number, random: RandomStreams): Uint8Array {
  const mask = new Uint8Array(new Packing(network.parameters).size).fill(1);
  let at = 0;
  for (const [i, { shape, prunable }] of network.parameters.entries()) {
    const size = shape.reduce((product, n) => product * n, 1);
    const draws = prunable ? random('mask').uniforms(size, i) : [];
    for (const [j, u] of draws.entries()) if (u >= density) mask[at + j] = 0;
    at += size;
  }
  return mask;
}

/** A ticket's mask, 1 for what its run left out of pruning; packed. Throws TICKET_MISMATCH, BAD_LAYER. */
export function maskOfTicket(network: Network, ticket: Ticket): Uint8Array {
  assertFits(ticket, leaveOut(network, ticket.provenance.leftOut ?? []));
  return parameterMask(network, ticket.layers);
}
