import { type ComponentRegistry, type Dataset, WinnowError } from '@winnow/plugin-api';
import type { RunConfig } from './run-config.ts';

/** The data of a run that its folder describes. Throws DATA_CHANGED where they are others now, and what the data set throws. */
export async function reopenDataset(
  { dataset: { name, options, checksum } }: RunConfig,
  registry: ComponentRegistry,
): Promise<Dataset> {
  const dataset = await registry.get('dataset', name).open(options);
  if (dataset.checksum === checksum) return dataset;
  throw new WinnowError(
    'DATA_CHANGED',
    `The data of "${name}" are not those that the run began on.`,
    {
      hint: 'Bring the files back as they were, or begin a run in another folder.',
    },
  );
}
