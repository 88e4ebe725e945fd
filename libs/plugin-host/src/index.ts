export { atFault, endedByPlugin } from './lib/at-fault.ts';
export type { FoundPlugin } from './lib/find-plugin.ts';
export type { LoadedPlugin } from './lib/import-checked.ts';
export { loadPlugin, lookUpPlugin } from './lib/load-plugin.ts';
