import type { WinnowError } from '@winnow/plugin-api';
import { takeFileLock } from './file-lock.ts';

/**
 * Does what nobody else may do meanwhile. `refuse` makes the error where another one has the lock, of " by process 1 on
 * HOST", or of nothing where it does not say who. Throws that, BAD_LOCK, and what the file system does.
 */
export async function whileLocked<T>(
  path: string,
  refuse: (who: string) => WinnowError,
  work: () => Promise<T>,
): Promise<T> {
  const taken = await takeFileLock(path);
  if ('heldBy' in taken) {
    const { heldBy } = taken;
    throw refuse(heldBy ? ` by process ${heldBy.pid} on ${heldBy.host}` : '');
  }
  const { lock } = taken;
  let done: T;
  try {
    done = await work();
  } catch (error) {
    // What went wrong in the work is to be told.
    await lock.release().catch(() => {});
    throw error;
  }
  await lock.release();
  return done;
}
