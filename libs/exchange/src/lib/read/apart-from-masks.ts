import type { HostTensor, Safetensors } from '@winnow/files';

const ORIGINAL = '_orig';
export const MASK = '_mask';

interface ApartFromMasks extends Pick<Safetensors, 'tensors' | 'dtypes'> {
  /** By the names of what they mask. */
  readonly masks: ReadonlyMap<string, HostTensor>;
}

/**
 * `torch.nn.utils.prune` keeps a parameter as `NAME_orig` and `NAME_mask`. The tensors without masks, under the names of the
 * parameters, with their values as they are below the masks; and the masks.
 */
export function apartFromMasks({
  tensors,
  dtypes,
}: Pick<Safetensors, 'tensors' | 'dtypes'>): ApartFromMasks {
  const found = { tensors: new Map(tensors), dtypes: new Map(dtypes) };
  const masks = new Map<string, HostTensor>();
  for (const [original, tensor] of tensors) {
    const name = original.slice(0, -ORIGINAL.length);
    const mask = tensors.get(name + MASK);
    if (!mask || name + ORIGINAL !== original || tensors.has(name)) continue;
    masks.set(name, mask);
    found.tensors.set(name, tensor);
    found.dtypes.set(name, dtypes.get(original)!);
    for (const part of [original, name + MASK]) {
      found.tensors.delete(part);
      found.dtypes.delete(part);
    }
  }
  return { ...found, masks };
}

/** Whether a file has weights with masks of `torch.nn.utils.prune`. */
export const holdsMasks = (file: Pick<Safetensors, 'tensors' | 'dtypes'>): boolean =>
  apartFromMasks(file).masks.size > 0;
