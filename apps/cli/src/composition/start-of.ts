import type { ComponentRegistry } from '@winnow/plugin-api';

export interface Start {
  readonly starts: boolean;
  readonly reason?: string;
}

/** Whether a backend starts in this process, or why it does not. Throws UNKNOWN_NAME. */
export async function startOf(name: string, registry: ComponentRegistry): Promise<Start> {
  const backend = registry.get('backend', name);
  try {
    await backend.start();
    return { starts: true };
  } catch (error) {
    return { starts: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
