// What the bundle holds: our backends and TensorFlow.js's specs over one copy of tfjs-core. The functions are imported
// in the order in which run-tfjs-suite.mjs calls them; the specs need Jasmine's globals.
export { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util.js';
export * as backends from '@winnow/tensor-backend';
export const registerItsGradients = () =>
  import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
export const loadSpecs = () => import('@tensorflow/tfjs-core/dist/tests.js');
