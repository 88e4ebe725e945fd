import * as tf from '@tensorflow/tfjs-core';
import { type BackendDescriptor, WinnowError, defineBackend } from '@winnow/plugin-api';
import { activate } from './activate.ts';

const FATAL = ['uncaughtException', 'unhandledRejection'];
/** How those of Emscripten's modules read. */
const THROWS_AGAIN = /throw (ex|reason)\b/;

/**
 * Does what starts the module, and takes away the listeners by which that would throw again in Node whatever goes wrong in the
 * process, and so end it before anyone is told. Throws what `start` does.
 */
async function withoutItsListeners(start: () => Promise<void>): Promise<void> {
  // A browser has no such thing.
  const emitter = (globalThis as { process?: NodeJS.EventEmitter }).process;
  const listenersOf = (event: string) => emitter?.listeners?.(event) ?? [];
  const before = new Set(FATAL.flatMap(listenersOf));
  try {
    await start();
  } finally {
    for (const event of FATAL) {
      for (const listener of listenersOf(event)) {
        if (!before.has(listener) && THROWS_AGAIN.test(String(listener)))
          emitter!.off(event, listener as () => void);
      }
    }
  }
}

/** WebAssembly with SIMD, one thread. */
export const wasm: BackendDescriptor = defineBackend({
  name: 'wasm',
  summary: 'WebAssembly with SIMD (XNNPACK), one thread',
  priority: 10,
  start: () =>
    withoutItsListeners(async () => {
      await import('@tensorflow/tfjs-backend-wasm');
      if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) {
        throw new WinnowError(
          'BACKEND_UNAVAILABLE',
          'Backend "wasm" needs SIMD, which this processor or Node does not offer.',
          { hint: 'Use --backend cpu.' },
        );
      }
      await activate('wasm');
    }),
});
