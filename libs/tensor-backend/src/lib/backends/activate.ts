import * as tf from '@tensorflow/tfjs-core';
import { WinnowError } from '@winnow/plugin-api';
import { countMultiplyAdds } from '../multiply-adds.ts';
import type { Vectors } from '../vectors/vector.ts';
import { setVectors } from '../vectors/vectors.ts';

const activated = new Set<string>();

/**
 * Makes a backend that has been imported the current one, and adds the kernels and gradients that it lacks. Parameters and
 * optimisers live in its `vectors`; on the host where it has none. `addKernels` puts its own in place of those. Throws BACKEND_UNAVAILABLE.
 */
export async function activate(
  name: string,
  own: { readonly vectors?: Vectors; readonly addKernels?: () => void } = {},
): Promise<void> {
  // Many files, for those alone who compute.
  const [{ addKernels }, { registerGradients }] = await Promise.all([
    import('../kernels/add-kernels.ts'),
    import('../gradients/register-gradients.ts'),
  ]);
  if (!activated.has(name)) {
    activated.add(name);
    addKernels(name);
    own.addKernels?.();
    countMultiplyAdds(name);
    if (own.vectors) setVectors(name, own.vectors);
  }
  registerGradients();
  if (!(await tf.setBackend(name))) {
    throw new WinnowError('BACKEND_UNAVAILABLE', `Backend "${name}" does not start here.`, {
      hint: 'See `winnow doctor` for the ones that do.',
    });
  }
}
