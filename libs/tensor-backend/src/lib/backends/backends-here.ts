import type { BackendDescriptor } from '@winnow/plugin-api';
import { loadEngine } from '../native/engine.ts';
import { cpu } from './cpu.ts';
import { native } from './native.ts';
import { tensorflow, tensorflowGpu } from './tensorflow-backends.ts';
import { wasm } from './wasm.ts';
import { webgpu } from './webgpu/webgpu.ts';

/**
 * The CPU backends that start on this machine; `native` only where it has been built. For tests that hold on each:
 * WINNOW_TEST_BACKENDS names others, with commas.
 */
export function backendsHere(): BackendDescriptor[] {
  const wanted = process.env['WINNOW_TEST_BACKENDS']?.split(',');
  if (wanted) {
    return [cpu, wasm, native, tensorflow, tensorflowGpu, webgpu].filter(({ name }) =>
      wanted.includes(name),
    );
  }
  try {
    loadEngine();
  } catch {
    return [cpu, wasm];
  }
  return [cpu, wasm, native];
}

/** Of them those for tests of many large steps: not `cpu`, whose plain loops take minutes, unless it is named. */
export const quickBackendsHere = (): BackendDescriptor[] =>
  process.env['WINNOW_TEST_BACKENDS']
    ? backendsHere()
    : backendsHere().filter((one) => one !== cpu);
