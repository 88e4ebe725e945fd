import { type BackendDescriptor, WinnowError } from '@winnow/plugin-api';

/**
 * Starts the backend of this name, or for `auto` the fastest that starts, and returns its name. The caller looks the name up, so that an
 * unknown one is answered with the known ones. Throws BACKEND_UNAVAILABLE.
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
  for (const backend of [...backends].sort((a, b) => b.priority - a.priority)) {
    try {
      await backend.start();
      return backend.name;
    } catch (error) {
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
