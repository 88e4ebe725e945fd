import type { BackendDescriptor } from '@winnow/plugin-api';

export interface Start {
  readonly starts: boolean;
  readonly reason?: string;
}

/** Whether a backend starts in this process, or why it does not. */
export async function startOf(backend: BackendDescriptor): Promise<Start> {
  try {
    await backend.start();
    return { starts: true };
  } catch (error) {
    return { starts: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
