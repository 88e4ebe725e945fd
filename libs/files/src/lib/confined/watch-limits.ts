import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { MEMORY_WORD, TIME_WORD } from './last-words.ts';

/** The limits of what is being read: bytes, and the processor time at which it ends, in µs. Infinite between two calls. */
const limits = workerData as Float64Array;
const STDERR = 2;
const EVERY_MS = 20;

/**
 * A thread of the process that reads, since the thread that reads may never come back to its event loop. Killed, for nothing
 * softer stops that thread on every system.
 */
setInterval(() => {
  const { user, system } = process.cpuUsage();
  const tooLarge = process.memoryUsage.rss() > limits[0]!;
  if (!tooLarge && user + system <= limits[1]!) return;
  writeSync(STDERR, tooLarge ? MEMORY_WORD : TIME_WORD);
  process.kill(process.pid, 'SIGKILL');
}, EVERY_MS);
