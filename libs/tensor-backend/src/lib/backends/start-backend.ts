import { type BackendDescriptor, WinnowError, isWinnowError } from '@winnow/plugin-api';

export interface BackendChoice {
  readonly name: string;
  /** Why the faster ones did not start, when the choice was `auto`. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Starts the backend of this name, or for `auto` the fastest that starts. The caller looks the name up, so that an
 * unknown one is answered with the known ones. Throws BACKEND_UNAVAILABLE.
 */
export async function startBackend(
  choice: BackendDescriptor | 'auto',
  backends: readonly BackendDescriptor[],
): Promise<BackendChoice> {
  if (choice !== 'auto') {
    await choice.start();
    return { name: choice.name, skipped: [] };
  }
  const skipped: { name: string; reason: string }[] = [];
  for (const backend of [...backends].sort((a, b) => b.priority - a.priority)) {
    try {
      await backend.start();
      return { name: backend.name, skipped };
    } catch (error) {
      if (!isWinnowError(error)) throw error;
      skipped.push({ name: backend.name, reason: error.message });
    }
  }
  throw new WinnowError('BACKEND_UNAVAILABLE', 'No backend starts on this machine.', {
    hint: 'See `winnow doctor` for the reasons.',
  });
}
