import { type BackendDescriptor, defineBackend } from '@winnow/plugin-api';
import { activate } from './activate.ts';

/** Winnow's own engine in C++, on all cores. */
export const native: BackendDescriptor = defineBackend({
  name: 'native',
  summary: "Winnow's own CPU engine, on all cores",
  priority: 30,
  async start() {
    // It stands on TensorFlow.js's backend for what it lacks, which is loaded for those that compute alone.
    const { registerNative } = await import('../native/register-native.ts');
    await activate('native', { vectors: registerNative() });
  },
});
