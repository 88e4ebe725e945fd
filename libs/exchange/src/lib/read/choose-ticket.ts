import { WinnowError } from '@winnow/plugin-api';
import { type FlatTicket, densityOf } from './flat-ticket.ts';

/** By how much of the density asked for a ticket's own may differ: others round than Winnow does. */
const TOLERANCE = 0.005;

/**
 * The ticket of this name, or the one of this density, to half a percent of it or one weight; the only one, where neither is
 * given. Throws UNKNOWN_NAME where not exactly one is that.
 */
export function chooseTicket(
  tickets: readonly FlatTicket[],
  choice: { readonly name?: string | undefined; readonly density?: number | undefined },
): FlatTicket {
  const { name, density } = choice;
  const isChosen = (ticket: FlatTicket) => {
    if (name !== undefined) return ticket.name === name;
    if (density === undefined) return true;
    const asked = density * ticket.mask.length;
    return Math.abs(ticket.kept - asked) <= Math.max(1, TOLERANCE * asked);
  };
  const [chosen, ...others] = tickets.filter(isChosen);
  if (chosen && others.length === 0) return chosen;
  const wanted =
    name !== undefined
      ? ` with the name "${name}"`
      : density === undefined
        ? ''
        : ` of density ${density}`;
  const known = tickets.map((ticket) => `"${ticket.name}" (${densityOf(ticket).toPrecision(3)})`);
  throw new WinnowError(
    'UNKNOWN_NAME',
    `The file holds ${chosen ? 'several tickets' : 'no ticket'}${wanted}: ${known.join(', ')}.`,
    { hint: 'Choose one of them by --ticket NAME.' },
  );
}
