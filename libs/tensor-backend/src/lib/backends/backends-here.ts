import type { BackendDescriptor } from '@winnow/plugin-api';
import { loadEngine } from '../native/engine.ts';
import { cpu } from './cpu.ts';
import { native } from './native.ts';
import { wasm } from './wasm.ts';

/** The CPU backends that start on this machine; `native` only where it has been built. For tests that hold on each. */
export function backendsHere(): BackendDescriptor[] {
  try {
    loadEngine();
  } catch {
    return [cpu, wasm];
  }
  return [cpu, wasm, native];
}
