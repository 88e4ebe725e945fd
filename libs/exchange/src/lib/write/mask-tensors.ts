import { type StoredTensor, sizeOf } from '@winnow/files';
import { type TrainedNetwork, prunableOf } from '@winnow/plugin-api';

/** Of each prunable parameter, by its name and in its shape, whether its weights are kept; of a dense network all are. */
export function maskTensors({ network, mask }: TrainedNetwork): Map<string, StoredTensor> {
  return new Map(
    prunableOf(network).map(({ name, shape }) => {
      const data = mask?.get(name)?.kept ?? new Uint8Array(sizeOf(shape)).fill(1);
      return [name, { shape, data, isBoolean: true }];
    }),
  );
}
