/**
 * What made numbers of a run: its backend, the instruction set of the native engine, by what it searches and computes
 * under the ticket, and versions by name.
 */
export type Environment = Readonly<Record<string, string>>;

/** Names in it that are of no program which has a version. */
export const OF_NO_PROGRAM = [
  'backend',
  'instructions',
  'searchRoad',
  'trainingRoad',
  'evaluationRoad',
] as const satisfies readonly string[];
