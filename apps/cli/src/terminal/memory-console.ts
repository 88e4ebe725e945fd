import { Writable } from 'node:stream';
import type { Console } from './console.ts';

/** A console that keeps what is written. */
export interface MemoryConsole extends Console {
  readonly written: { readonly out: string; readonly notes: string };
}

export function memoryConsole(): MemoryConsole {
  const written = { out: '', notes: '' };
  const into = (name: keyof typeof written) =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written[name] += chunk.toString();
        done();
      },
    });
  return { out: into('out'), notes: into('notes'), written };
}
