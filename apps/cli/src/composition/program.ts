import { fileURLToPath } from 'node:url';

/** What carries out a command line in a process of its own, once its words follow. */
export const PROGRAM: readonly string[] = [
  process.execPath,
  fileURLToPath(new URL('../../bin/winnow.js', import.meta.url)),
];
