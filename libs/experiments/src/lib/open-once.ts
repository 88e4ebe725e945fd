import type { Dataset } from '@winnow/plugin-api';
import { canonicalJson } from './canonical-json.ts';
import type { OpenDataset } from './open-dataset.ts';

/** Opens the same data once. */
export function openOnce(): OpenDataset {
  const opened = new Map<string, Promise<Dataset>>();
  return (descriptor, options) => {
    const key = canonicalJson([descriptor.name, options])!;
    const dataset = opened.get(key) ?? descriptor.open(options);
    opened.set(key, dataset);
    return dataset;
  };
}
