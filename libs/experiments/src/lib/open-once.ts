import type { Dataset } from '@winnow/plugin-api';
import { canonicalJson } from './canonical-json.ts';
import { type OpenDataset, openDataset } from './open-dataset.ts';

/** Opens the same data once; what could not be opened is tried again. */
export function openOnce(open: OpenDataset = openDataset): OpenDataset {
  const opened = new Map<string, Promise<Dataset>>();
  return (descriptor, options) => {
    const key = canonicalJson([descriptor.name, options])!;
    const known = opened.get(key);
    if (known) return known;
    const dataset = open(descriptor, options);
    opened.set(key, dataset);
    dataset.catch(() => opened.delete(key));
    return dataset;
  };
}
