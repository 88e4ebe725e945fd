import { type BackendDescriptor, defineBackend } from '@winnow/plugin-api';
import { registerNative } from '../native/register-native.ts';
import { activate } from './activate.ts';

/** Winnow's own engine in C++, on all cores. */
export const native: BackendDescriptor = defineBackend({
  name: 'native',
  summary: "Winnow's own CPU engine, on all cores",
  priority: 30,
  async start() {
    registerNative();
    await activate('native');
  },
});
