import { type Safetensors, encodeSafetensors } from '@winnow/files';
import type { SavedState } from '@winnow/plugin-api';

/** A checkpoint as a safetensors file: arrays as tensors, plain values as JSON in its metadata. */
export function encodeState({ arrays, values }: SavedState): Uint8Array {
  return encodeSafetensors(
    Object.entries(arrays).map(([name, data]) => [name, { shape: [data.length], data }] as const),
    { values: JSON.stringify(values) },
  );
}

export function stateIn({ tensors, metadata }: Safetensors): SavedState {
  return {
    arrays: Object.fromEntries([...tensors].map(([name, t]) => [name, t.data as Float32Array])),
    values: JSON.parse(metadata['values'] ?? '{}') as SavedState['values'],
  };
}
