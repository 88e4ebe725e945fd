import { type BackendDescriptor, WinnowError, defineBackend } from '@winnow/plugin-api';

function planned(name: string, summary: string, priority: number): BackendDescriptor {
  return defineBackend({
    name,
    summary,
    priority,
    start: () =>
      Promise.reject(
        new WinnowError(
          'BACKEND_UNAVAILABLE',
          `Backend "${name}" is not part of this version of Winnow.`,
          { hint: 'Use --backend wasm.' },
        ),
      ),
  });
}

export const webgpu = planned('webgpu', 'Any GPU through WebGPU (not in this version)', 50);
