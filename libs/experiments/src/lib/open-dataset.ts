import type { Dataset, DatasetDescriptor, GivenOptions, OpenSetting } from '@winnow/plugin-api';

/** Opens a data set; whoever works on several runs can share what is open. */
export type OpenDataset = (
  descriptor: DatasetDescriptor,
  options: GivenOptions,
  setting?: OpenSetting,
) => Promise<Dataset>;

export const openDataset: OpenDataset = (descriptor, options, setting) =>
  descriptor.open(options, setting);
