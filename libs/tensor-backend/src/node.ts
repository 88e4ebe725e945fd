export { backendsHere, quickBackendsHere } from './lib/backends/backends-here.ts';
export { installedVersions } from './lib/backends/installed-versions.ts';
export { native } from './lib/backends/native.ts';
export { WEBGPU_PACKAGES } from './lib/backends/webgpu/webgpu-packages.ts';
export { webgpu } from './lib/backends/webgpu/webgpu.ts';
export { engineInUse, mostThreads, threadsInUse } from './lib/native/engine.ts';
export { fallbackCalls } from './lib/reference/fallback-calls.ts';
export { default } from './lib/plugin.ts';
