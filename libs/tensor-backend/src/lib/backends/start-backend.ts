import { type BackendDescriptor, WinnowError } from '@winnow/plugin-api';
import { autoOrder } from './auto-order.ts';

/**
 * Starts a backend, or for `auto` the first in `autoOrder` that starts, and returns its name: `startBackend('auto', backendsHere())`.
 * A wrong setting of one that is there stops `auto` too. Throws BACKEND_UNAVAILABLE, and what the backend throws.
 */
export async function startBackend(
  choice: BackendDescriptor | 'auto',
  backends: readonly BackendDescriptor[],
): Promise<string> {
  if (choice !== 'auto') {
    await choice.start();
    return choice.name;
  }
  const reasons: string[] = [];
  for (const backend of autoOrder(backends)) {
    try {
      await backend.start({ byAuto: true });
      return backend.name;
    } catch (error) {
      if (error instanceof WinnowError && error.code !== 'BACKEND_UNAVAILABLE') throw error;
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new WinnowError(
    'BACKEND_UNAVAILABLE',
    `No backend starts on this machine: ${reasons.join(' ')}`,
    {
      hint: 'See `winnow doctor` for the reasons.',
    },
  );
}
