import { applicableObjectives, buildNetwork, startChosenBackend } from '@winnow/experiments';
import { type ComponentRegistry, type Dataset, WinnowError } from '@winnow/plugin-api';
import { type ManyRuns, runFolders } from '../execute/run-folders.ts';
import type { Compared } from './compared-runs.ts';
import { type Comparison, compareTickets } from './compare-tickets.ts';

export interface CompareSetting extends ManyRuns {
  readonly registry: ComponentRegistry;
  /** Started already. */
  readonly backend: string;
  /** Whether the objectives were asked for by name; otherwise those that do not go with the network are left out. */
  readonly named: boolean;
  /** Training images that values are taken over; a quarter when left out. */
  readonly images?: number | undefined;
}

function imagesOf({ train }: Dataset, images = Math.ceil(train.length / 4)): number {
  if (images <= train.length && images >= 2) return images;
  throw new WinnowError(
    'INVALID_OPTION',
    `${images} images are asked for, and there are ${train.length} to train on.`,
    { hint: 'Give --images between 2 and that.' },
  );
}

/**
 * Finds the tickets of runs, as far as they are not there, and compares them by what objectives make of them. Throws
 * INVALID_OPTION, and what `applicableObjectives` and `runFolders` do.
 */
export async function compareRuns(
  { runs, dataset, objectives: chosen }: Compared,
  setting: CompareSetting,
): Promise<Comparison> {
  const { registry, backend, named, signal, versions, onEvent } = setting;
  const images = imagesOf(dataset, setting.images);
  const network = buildNetwork(runs[0]!.config, registry);
  const { objectives, skipped } = await applicableObjectives(chosen, named, {
    network,
    dataset,
  });
  onEvent({ type: 'task', task: 'search', runs: runs.length });
  await runFolders(runs, { until: 'ticket', registry }, setting);
  // Runs in this process may have started others.
  await startChosenBackend(backend, registry);
  const measured = { registry, dataset, objectives, images, signal };
  return compareTickets(runs, measured, { backend, versions, skipped, onEvent });
}
