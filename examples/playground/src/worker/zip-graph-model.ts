import { encodeGraphModel } from '@winnow/exchange';
import type { TrainedNetwork } from '@winnow/plugin-api';
import { zipSync } from 'fflate';

/** A network as the files of a `tf.GraphModel`, in a zip. */
export function zipGraphModel(trained: TrainedNetwork): Uint8Array {
  return zipSync(Object.fromEntries(encodeGraphModel(trained)));
}
