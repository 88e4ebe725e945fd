import { definePruner } from '@winnow/plugin-api';
import { Packing } from '@winnow/models';
import { z } from 'zod';
import { scope, ticketFromScores } from './ticket-from-scores.ts';

/** Keeps the weights of the largest magnitude at the start point. */
export const magnitude = definePruner({
  name: 'magnitude',
  summary: 'keep the largest weights of the start point',
  options: z.strictObject({ scope }),
  findTicket(context, options) {
    const packing = Packing.prunable(context.network);
    const sizes = packing.pack(context.parameters).map(Math.abs);
    const ticket = ticketFromScores('magnitude', packing.views(sizes), options.scope, context);
    return Promise.resolve(ticket);
  },
});
