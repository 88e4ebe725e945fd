/** What reading one thing in a file may take. */
export interface Limits {
  /** Resident memory of the process that reads, in bytes. */
  readonly memory: number;
  /** Processor time in seconds: a busy machine or a slow disk is no fault of the file. */
  readonly seconds: number;
}

/** Thrown where reading would have taken more than it may. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached';
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/**
 * A small file gets a gigabyte and ten seconds; a big one more, by its size, since it holds more to read. Beyond eight
 * gigabytes a file would rather be unpacked.
 */
export function limitsFor(fileBytes: number): Limits {
  return {
    memory: Math.min(GIB + 4 * fileBytes, 8 * GIB),
    seconds: 10 + fileBytes / (4 * MIB),
  };
}

/** MiB of JavaScript values; bytes of files are not among them. */
export const HEAP = 2048;

/** Why reading was ended. */
export const limitSentences = {
  memory: ({ memory }: Limits) => `it takes more than ${Math.round(memory / MIB)} MiB of memory`,
  heap: () => `it takes more than ${HEAP} MiB of memory for its values`,
  time: ({ seconds }: Limits) => `it takes more than ${Math.round(seconds)} s of processor time`,
};
