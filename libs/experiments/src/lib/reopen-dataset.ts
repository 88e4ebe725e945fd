import type { ComponentRegistry, Dataset } from '@winnow/plugin-api';
import { dataChanged } from './data-changed.ts';
import { type OpenDataset, openDataset } from './open-dataset.ts';
import { recallComponent } from './recorded-component.ts';
import type { RunConfig } from './run-config.ts';

/**
 * The data of a run that its folder describes. Throws DATA_CHANGED where they are others now, OPTIONS_CHANGED, and what the
 * data set throws.
 */
export async function reopenDataset(
  { dataset: recorded }: RunConfig,
  registry: ComponentRegistry,
  open: OpenDataset = openDataset,
): Promise<Dataset> {
  const { name, given, checksum } = recorded;
  const dataset = await open(recallComponent('dataset', recorded, registry), given);
  if (dataset.checksum === checksum) return dataset;
  throw dataChanged(name, given);
}
