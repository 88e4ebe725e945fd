import type { Dataset } from '@winnow/plugin-api';
import { canonicalJson } from './canonical-json.ts';
import { type OpenDataset, openDataset } from './open-dataset.ts';

/** Opens the same data once. */
export function openOnce(open: OpenDataset = openDataset): OpenDataset {
  const opened = new Map<string, Promise<Dataset>>();
  return (descriptor, options) => {
    const key = canonicalJson([descriptor.name, options])!;
    const dataset = opened.get(key) ?? open(descriptor, options);
    opened.set(key, dataset);
    return dataset;
  };
}
