import type { OpenDataset } from '@winnow/experiments';
import { type Console, note } from './console.ts';

/** Opens data, and tells once what there is to know of them. */
export function tellingOpen(open: OpenDataset, console: Console): OpenDataset {
  const told = new Set<string>();
  return async (...setting) => {
    const dataset = await open(...setting);
    for (const text of dataset.notes ?? []) {
      if (told.has(text)) continue;
      told.add(text);
      note(console, text);
    }
    return dataset;
  };
}
