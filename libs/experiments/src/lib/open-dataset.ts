import type { Dataset, DatasetDescriptor, GivenOptions } from '@winnow/plugin-api';

/** Opens a data set; whoever works on several runs can share what is open. */
export type OpenDataset = (
  descriptor: DatasetDescriptor,
  options: GivenOptions,
) => Promise<Dataset>;

export const openDataset: OpenDataset = (descriptor, options) => descriptor.open(options);
