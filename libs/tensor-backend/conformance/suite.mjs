// What the bundle holds: our backends, and TensorFlow.js's gradients and specs on the same copy of tfjs-core.
import plugin from '@winnow/tensor-backend/node';

export const backends = Object.fromEntries(plugin.components.map((it) => [it.name, it]));
export { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util.js';

export const registerItsGradients = () =>
  import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
/** Needs Jasmine's globals and the test environments. */
export const loadSpecs = () => import('@tensorflow/tfjs-core/dist/tests.js');
