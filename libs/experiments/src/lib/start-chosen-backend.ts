import type { ComponentRegistry } from '@winnow/plugin-api';
import { startBackend } from '@winnow/tensor-backend';
import type { RunConfig } from './run-config.ts';

/**
 * Starts the backend of this name, for `auto` the first of those that start, and says which. Before a network is built, as one of
 * a function runs it for that. Throws UNKNOWN_NAME, BACKEND_UNAVAILABLE.
 */
export function startChosenBackend(name: string, registry: ComponentRegistry): Promise<string> {
  const choice = name === 'auto' ? 'auto' : registry.get('backend', name);
  return startBackend(choice, registry.all('backend'));
}

/** The backend that was chosen for work on a run, or else the one that the run was computed on. */
export function startBackendOf(
  { backend }: Pick<RunConfig, 'backend'>,
  chosen: string,
  registry: ComponentRegistry,
): Promise<string> {
  return startChosenBackend(chosen === 'auto' ? backend : chosen, registry);
}
