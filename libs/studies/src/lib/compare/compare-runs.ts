import { applicableObjectives, buildNetwork } from '@winnow/experiments';
import {
  type ComponentRegistry,
  type Dataset,
  type Objective,
  WinnowError,
} from '@winnow/plugin-api';
import type { NamedRun } from '../execute/named-run.ts';
import type { ManyRuns } from '../execute/run-folders.ts';
import { type Comparison, compareTickets, findTickets } from './compare-tickets.ts';

export interface CompareSetting extends ManyRuns {
  readonly registry: ComponentRegistry;
  /** That of all runs. */
  readonly dataset: Dataset;
  /** Started already. */
  readonly backend: string;
  /** What tickets are compared by. */
  readonly objectives: readonly Objective[];
  /** Whether these were asked for by name; otherwise those that do not go with the network are left out. */
  readonly named: boolean;
  /** Training images that values are taken over; a quarter when left out. */
  readonly images?: number | undefined;
}

function imagesOf({ dataset: { train }, images = Math.ceil(train.length / 4) }: CompareSetting) {
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
  runs: readonly NamedRun[],
  setting: CompareSetting,
): Promise<Comparison> {
  const { registry, dataset, backend, named, signal, onEvent } = setting;
  const images = imagesOf(setting);
  const network = buildNetwork(runs[0]!.config, registry);
  const { objectives, skipped } = await applicableObjectives(setting.objectives, named, {
    network,
    dataset,
  });
  await findTickets(runs, setting);
  const measured = { registry, dataset, objectives, images, signal };
  return compareTickets(runs, measured, { backend, skipped, onEvent });
}
