import { pathToFileURL } from 'node:url';
import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import { reachedModules } from './reached-modules.ts';

/** Files of plugins that were imported, with what names each plugin. */
const files = new Map<string, string>();

/** Remembers whose a plugin's files are, for `atFault`. */
export async function rememberFiles(entry: string, specifier: string): Promise<void> {
  for (const path of (await reachedModules(entry)).keys()) files.set(path, specifier);
}

/**
 * What a process ends with when something failed that nobody waits for, such as a timer: PLUGIN_FAILED where it happened in
 * a plugin's file, or where plugins are loaded and it does not say where it happened; else the error itself.
 */
export function atFault(error: unknown): unknown {
  if (isWinnowError(error)) return error;
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const isIn = (path: string) => stack.includes(path) || stack.includes(pathToFileURL(path).href);
  const [, owner] = [...files].find(([path]) => isIn(path)) ?? [];
  const isPlaced = /\n\s+at /.test(stack);
  const owners = owner === undefined ? [...new Set(isPlaced ? [] : files.values())] : [owner];
  if (owners.length === 0) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const who = owners.map((one) => `"${one}"`).join(' or ');
  return new WinnowError(
    'PLUGIN_FAILED',
    `Plugin ${who} failed in work that nobody waits for: ${reason.replace(/\.$/, '')}.`,
    { hint: 'WINNOW_DEBUG=1 tells where.', cause: error },
  );
}
