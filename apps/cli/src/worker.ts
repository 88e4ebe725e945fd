import { once } from 'node:events';
import { openOnce } from '@winnow/experiments';
import { END_OF_JOB, type WorkerReply } from '@winnow/studies/executors';
import type { Services } from './composition/services.ts';
import { run } from './run.ts';
import { forgetPeakMemory } from './terminal/peak-memory.ts';

const isWords = (words: unknown): words is readonly string[] =>
  Array.isArray(words) && words.every((word) => typeof word === 'string');

/** What is sent next; nothing once the other process has hung up. */
async function nextWords(): Promise<readonly string[] | undefined> {
  if (!process.connected) return undefined;
  const hungUp = new AbortController();
  const leave = () => hungUp.abort();
  process.once('disconnect', leave);
  try {
    const [message] = (await once(process, 'message', hungUp)) as [{ readonly words?: unknown }];
    return isWords(message.words) ? message.words : undefined;
  } catch {
    return undefined;
  } finally {
    process.off('disconnect', leave);
  }
}

/**
 * Carries out command lines for the process that started this one, the first and then those that it sends, until it hangs
 * up; data are opened once for all of them. Gives the last exit code.
 */
export async function work(first: readonly string[], services: Partial<Services>): Promise<number> {
  const openDataset = openOnce();
  let status = 0;
  for (let words: typeof first | undefined = first; words; words = await nextWords()) {
    forgetPeakMemory();
    status = await run(words, { ...services, openDataset });
    process.stderr.write(END_OF_JOB);
    const reply: WorkerReply = { type: 'over', status };
    process.send?.(reply, undefined, undefined, () => {});
  }
  return status;
}
