import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { wasm } from '@winnow/tensor-backend';

/** Starts WebAssembly with SIMD on one thread; of its three binaries the page holds that one. */
export async function startWasm(): Promise<void> {
  // Threads want special headers, which a static page has not, and do not pay at this size.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  const url = new URL(simd, self.location.href).href;
  setWasmPaths({
    'tfjs-backend-wasm.wasm': url,
    'tfjs-backend-wasm-simd.wasm': url,
    'tfjs-backend-wasm-threaded-simd.wasm': url,
  });
  await wasm.start();
}
