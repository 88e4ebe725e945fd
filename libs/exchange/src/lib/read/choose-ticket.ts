import { WinnowError } from '@winnow/plugin-api';
import { type FlatTicket, densityOf } from './flat-ticket.ts';

/** By how much of the density asked for a ticket's own may differ: others round than Winnow does. */
const TOLERANCE = 0.005;

/**
 * The ticket of this name, or the one of this density, to half a percent of it or one weight. Throws UNKNOWN_NAME where
 * not exactly one is that.
 */
export function chooseTicket(
  tickets: readonly FlatTicket[],
  choice: { readonly name?: string | undefined; readonly density?: number | undefined },
): FlatTicket {
  const { name, density = NaN } = choice;
  const isChosen = (ticket: FlatTicket) =>
    name === undefined
      ? Math.abs(ticket.kept - density * ticket.mask.length) <=
        Math.max(1, TOLERANCE * density * ticket.mask.length)
      : ticket.name === name;
  const [chosen, ...others] = tickets.filter(isChosen);
  if (chosen && others.length === 0) return chosen;
  const wanted = name === undefined ? `of density ${density}` : `with the name "${name}"`;
  const known = tickets.map((ticket) => `"${ticket.name}" (${densityOf(ticket).toPrecision(3)})`);
  throw new WinnowError(
    'UNKNOWN_NAME',
    `The file holds ${chosen ? 'several tickets' : 'no ticket'} ${wanted}, but ${known.join(', ')}.`,
    { hint: 'Choose one of them by --ticket NAME.' },
  );
}
