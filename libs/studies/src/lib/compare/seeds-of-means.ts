import { groupBy } from '@winnow/report';
import type { ComparedTicket, Comparison } from './compare-tickets.ts';

interface Compared extends Pick<Comparison, 'objectives'> {
  readonly tickets: readonly Pick<ComparedTicket, 'label' | 'density' | 'values'>[];
}

const alike = ({ tickets }: Compared) => [
  ...groupBy(tickets, ({ label, density }) => JSON.stringify([label, density])).values(),
];

/** How many values each mean of an objective is of: those that are finite, and none where no value is. */
export const seedsOfValues = (compared: Compared): number[] =>
  alike(compared)
    .flatMap((own) =>
      compared.objectives.map(
        (name) => own.filter(({ values }) => (values[name] ?? null) !== null).length,
      ),
    )
    .filter((count) => count > 0);

/** The same with the means of costs, which are known of every ticket. */
export const seedsOfMeans = (compared: Compared): number[] => [
  ...alike(compared).map(({ length }) => length),
  ...seedsOfValues(compared),
];
