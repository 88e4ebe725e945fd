export { given } from './lib/given.ts';
export { default } from './lib/files-plugin.ts';
