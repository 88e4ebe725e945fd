import { type RoadsHere, tellRoad, tellRoads } from '@winnow/experiments';

/** By what the parts of the work on a network are computed on the backend in use. */
export function roadLines(
  { backend, roads }: RoadsHere,
  { under = 'under the ticket', search: of = 'search' } = {},
): string[] {
  const { train, evaluate, dense, search } = roads;
  return [
    `On ${backend}, ${under}:`,
    ...tellRoads({ train, evaluate }),
    `dense training: ${tellRoad(dense, 'weight by weight')}`,
    ...(search ? [`${of}: ${tellRoad(search)}`] : []),
  ];
}
