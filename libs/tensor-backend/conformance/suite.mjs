// What the bundle holds: our backends, and TensorFlow.js's gradients and specs on the same copy of tfjs-core.
export { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util.js';
export * as backends from '@winnow/tensor-backend';
export const registerItsGradients = () =>
  import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
/** Needs Jasmine's globals and the test environments. */
export const loadSpecs = () => import('@tensorflow/tfjs-core/dist/tests.js');
