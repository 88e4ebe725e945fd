import { type RoadsHere, tellRoad, tellRoads } from '@winnow/experiments';

/** By what the parts of the work on a network are computed on the backend in use. */
export function roadLines({ backend, roads }: RoadsHere, under = 'under the ticket'): string[] {
  return [
    `On ${backend}, ${under}:`,
    ...tellRoads(roads),
    `dense network: ${tellRoad(roads.dense)}`,
    `search: ${tellRoad(roads.search)}`,
  ];
}
