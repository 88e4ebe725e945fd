export type { LoadedPlugin } from './lib/import-checked.ts';
export { loadPlugin } from './lib/load-plugin.ts';
