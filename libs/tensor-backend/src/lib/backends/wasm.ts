import * as tf from '@tensorflow/tfjs-core';
import { type BackendDescriptor, WinnowError, defineBackend } from '@winnow/plugin-api';
import { activate } from './activate.ts';

/** WebAssembly with SIMD, one thread. */
export const wasm: BackendDescriptor = defineBackend({
  name: 'wasm',
  summary: 'WebAssembly with SIMD (XNNPACK), one thread',
  priority: 10,
  async start() {
    await import('@tensorflow/tfjs-backend-wasm');
    if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) {
      throw new WinnowError(
        'BACKEND_UNAVAILABLE',
        'Backend "wasm" needs SIMD, which this processor or Node does not offer.',
        { hint: 'Use --backend cpu.' },
      );
    }
    await activate('wasm');
  },
});
