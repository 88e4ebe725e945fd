export { FileCheckpoints } from './lib/file-checkpoints.ts';
