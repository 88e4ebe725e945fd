export { backendsHere } from './lib/backends/backends-here.ts';
export { native } from './lib/backends/native.ts';
export { engineInUse } from './lib/native/engine.ts';
export { fallbackCalls } from './lib/native/fallback-calls.ts';
export { default } from './lib/plugin.ts';
