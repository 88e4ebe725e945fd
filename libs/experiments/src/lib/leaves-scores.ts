import type { ComponentRegistry } from '@winnow/plugin-api';
import type { RunConfig } from './run-config.ts';

/**
 * Whether a run's method keeps the one ranking of all weights that its ticket was made of; undefined of a method that is not
 * known here.
 */
export function leavesScores(
  { method: { name, given } }: Pick<RunConfig, 'method'>,
  registry: ComponentRegistry,
): boolean | undefined {
  const pruner = registry.all('pruner').find((one) => one.name === name);
  if (!pruner) return undefined;
  if (pruner.scoring) return pruner.scoring(given).plan(undefined).iterations === 1;
  // What trains in rounds has no one ranking, and a file brings a mask alone.
  return !pruner.roundAt && !pruner.checksum;
}
