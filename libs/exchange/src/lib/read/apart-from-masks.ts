import type { HostTensor, Safetensors } from '@winnow/files';

const ORIGINAL = '_orig';
const MASK = '_mask';

export interface FoundMask {
  /** In the file. */
  readonly name: string;
  readonly tensor: HostTensor;
}

interface ApartFromMasks extends Pick<Safetensors, 'tensors' | 'dtypes'> {
  /** By the names of what they mask. */
  readonly masks: ReadonlyMap<string, FoundMask>;
}

/**
 * `torch.nn.utils.prune` keeps a parameter as `NAME_orig` and `NAME_mask`. The tensors without masks, under the names of the
 * parameters, with their values as they are below the masks; and the masks. A file of booleans alone has masks alone, under the
 * names of the parameters, as `prune.custom_from_mask` takes them and `winnow export --format mask` writes them.
 */
export function apartFromMasks({
  tensors,
  dtypes,
}: Pick<Safetensors, 'tensors' | 'dtypes'>): ApartFromMasks {
  if (dtypes.size > 0 && [...dtypes.values()].every((dtype) => dtype === 'BOOL')) {
    const masks = new Map([...tensors].map(([name, tensor]) => [name, { name, tensor }]));
    return { tensors: new Map(), dtypes: new Map(), masks };
  }
  const found = { tensors: new Map(tensors), dtypes: new Map(dtypes) };
  const masks = new Map<string, FoundMask>();
  for (const [original, tensor] of tensors) {
    const name = original.slice(0, -ORIGINAL.length);
    const mask = tensors.get(name + MASK);
    if (!mask || name + ORIGINAL !== original || tensors.has(name)) continue;
    masks.set(name, { name: name + MASK, tensor: mask });
    found.tensors.set(name, tensor);
    found.dtypes.set(name, dtypes.get(original)!);
    for (const part of [original, name + MASK]) {
      found.tensors.delete(part);
      found.dtypes.delete(part);
    }
  }
  return { ...found, masks };
}

/** Which masks a file has: those of `torch.nn.utils.prune` beside weights, or some alone. */
export function masksIn(
  file: Pick<Safetensors, 'tensors' | 'dtypes'>,
): 'none' | 'beside weights' | 'alone' {
  const { tensors, masks } = apartFromMasks(file);
  if (masks.size === 0) return 'none';
  return tensors.size > 0 ? 'beside weights' : 'alone';
}
