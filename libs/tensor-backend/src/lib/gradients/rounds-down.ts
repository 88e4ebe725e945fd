import { noGradient } from '../no-gradient.ts';

/**
 * Gradients take windows to be as many as fit, as all do that TensorFlow.js rounds down. Throws NO_GRADIENT where an op
 * rounded their number up or to the nearest.
 */
export function assertRoundsDown(kernelName: string, attributes: unknown): void {
  const { dimRoundingMode: mode } = (attributes ?? {}) as { readonly dimRoundingMode?: string };
  if (mode === 'ceil' || mode === 'round')
    throw noGradient(`${kernelName}, with windows counted by "${mode}",`);
}
