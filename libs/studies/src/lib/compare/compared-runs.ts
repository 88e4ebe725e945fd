import {
  OptionPool,
  type OpenDataset,
  openDataset,
  openOnce,
  reopenDataset,
} from '@winnow/experiments';
import type { ComponentRegistry, Dataset, Objective } from '@winnow/plugin-api';
import type { NamedRun } from '../execute/named-run.ts';
import { configuredAsIn } from './objective-options.ts';
import { type ComparisonRequest, planComparison } from './plan-comparison.ts';

/** What is compared by what. */
export interface Compared {
  readonly runs: readonly NamedRun[];
  /** Of all runs. */
  readonly dataset: Dataset;
  readonly objectives: readonly Objective[];
}

/** Objectives by name, or all, with the options that they take; those not given are as the runs had them. */
function chosenObjectives(
  names: readonly string[] | undefined,
  pool: OptionPool,
  registry: ComponentRegistry,
  runs: readonly NamedRun[] = [],
): Objective[] {
  const chosen = names ?? registry.names('objective');
  return chosen.map((name) => {
    const objective = registry.get('objective', name);
    const given = pool.take(objective);
    return Object.keys(given).length > 0
      ? objective.configure(given)
      : configuredAsIn(runs, objective);
  });
}

/** Of runs that are there. Throws UNKNOWN_NAME, INVALID_OPTION, OPTION_NOT_USED, and what `reopenDataset` does. */
export async function comparedAgain(
  runs: readonly NamedRun[],
  objectives: readonly string[] | undefined,
  options: ComparisonRequest['options'],
  registry: ComponentRegistry,
  open: OpenDataset = openDataset,
): Promise<Compared> {
  const pool = new OptionPool(options);
  const chosen = chosenObjectives(objectives, pool, registry, runs);
  pool.assertAllTaken();
  const dataset = await reopenDataset(runs[0]!.config, registry, open);
  return { runs, dataset, objectives: chosen };
}

/** Of runs to begin. Throws UNKNOWN_NAME, INVALID_OPTION, and what `planComparison` does. */
export async function comparedAnew(
  request: Omit<ComparisonRequest, 'compared'> & {
    readonly objectives?: readonly string[] | undefined;
  },
  registry: ComponentRegistry,
  open: OpenDataset = openDataset,
): Promise<Compared> {
  const pool = new OptionPool(request.options);
  const objectives = chosenObjectives(request.objectives, pool, registry);
  const asked = { ...request, compared: objectives };
  return { ...(await planComparison(asked, registry, openOnce(open))), objectives };
}
