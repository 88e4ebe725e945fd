import { definePruner } from '@winnow/plugin-api';
import { Packing } from '@winnow/models';
import { z } from 'zod';
import { scope, ticketFromScores } from './ticket-from-scores.ts';

/** Keeps weights by chance. */
export const random = definePruner({
  name: 'random',
  summary: 'keep weights by chance',
  options: z.strictObject({ scope }),
  findTicket(context, options) {
    const packing = Packing.prunable(context.network);
    const draws = context.random('random-ticket').uniforms(packing.size, 0);
    const ticket = ticketFromScores('random', packing.views(draws), options.scope, context);
    return Promise.resolve(ticket);
  },
});
