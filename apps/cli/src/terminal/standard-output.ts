import { Writable } from 'node:stream';
import type { Output } from './console.ts';

/**
 * Keeps the process's standard output for what the program was asked for: what anybody else prints there, a plugin say,
 * goes among the notes from now on.
 */
export function keepStandardOutput(): Output {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  const kept = new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, done) {
      // What fails is told by standard output itself.
      write(chunk, () => done());
    },
  });
  return Object.assign(kept, { isTTY: stdout.isTTY });
}
