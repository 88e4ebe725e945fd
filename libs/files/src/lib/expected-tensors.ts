import { type ParameterSpec, WinnowError } from '@winnow/plugin-api';
import type { FloatTensor } from './host-tensor.ts';
import type { Safetensors } from './safetensors.ts';

export type Expected = readonly Pick<ParameterSpec, 'name' | 'shape'>[];

/** Names that a sentence can hold. */
const MOST_SHOWN = 4;

/**
 * The tensors that are expected of a file, in float32 and in the order asked for; `source` is named in errors. Throws
 * WEIGHTS_MISMATCH naming the parameters that are absent, or one that is misshapen; what else there is is left alone.
 */
export function expectedTensors(
  { tensors }: Pick<Safetensors, 'tensors'>,
  expected: Expected,
  source: string,
): Map<string, FloatTensor> {
  const absent = expected.filter(({ name }) => !tensors.has(name));
  if (absent.length > 0) {
    const shown = absent.slice(0, MOST_SHOWN).map(({ name }) => `"${name}"`);
    const more = absent.length > MOST_SHOWN ? ` and ${absent.length - MOST_SHOWN} more` : '';
    throw new WinnowError(
      'WEIGHTS_MISMATCH',
      `${source} lacks ${absent.length === 1 ? 'the tensor' : 'the tensors'} ${shown.join(', ')}${more}.`,
      {
        hint: 'Give the file of a network of this kind, with the names that `winnow inspect` prints.',
      },
    );
  }
  const pairs = expected.map(({ name, shape }) => {
    const found = tensors.get(name)!;
    if (found.shape.join() !== shape.join()) {
      throw new WinnowError(
        'WEIGHTS_MISMATCH',
        `"${name}" in ${source} has the shape [${found.shape.join(', ')}], and the network wants [${shape.join(', ')}].`,
        { hint: 'Choose the model and the options that the file was made with.' },
      );
    }
    const { data } = found;
    if (data instanceof Float32Array) return [name, { shape, data }] as const;
    return [name, { shape, data: Float32Array.from(data as ArrayLike<number>, Number) }] as const;
  });
  return new Map(pairs);
}
