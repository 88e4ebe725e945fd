import type { ComponentRegistry, DatasetDescriptor, GivenOptions } from '@winnow/plugin-api';
import { OptionPool } from './option-pool.ts';

/**
 * The data set that NAME or NAME:VALUE names, with its options, which must be all that are given. Throws UNKNOWN_NAME,
 * INVALID_OPTION, OPTION_NOT_USED.
 */
export function chosenDataset(
  choice: string,
  given: GivenOptions,
  registry: ComponentRegistry,
): { readonly descriptor: DatasetDescriptor; readonly options: GivenOptions } {
  const pool = new OptionPool(given);
  const descriptor = pool.dataset(registry, choice);
  const options = pool.take(descriptor);
  pool.assertAllTaken();
  return { descriptor, options };
}
