import { pathToFileURL } from 'node:url';
import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import { reasonOf } from './guards/reason-of.ts';
import { reachedModules } from './reached-modules.ts';

/** Files of plugins that were imported, with what names each plugin. */
const files = new Map<string, string>();

/** Remembers whose a plugin's files are, for `atFault`. */
export async function rememberFiles(entry: string, specifier: string): Promise<void> {
  for (const path of (await reachedModules(entry)).keys()) files.set(path, specifier);
}

/** Whose code a stack leads through. */
function ownerIn(stack: string): string | undefined {
  const isIn = (path: string) => stack.includes(path) || stack.includes(pathToFileURL(path).href);
  return [...files].find(([path]) => isIn(path))?.[1];
}

/**
 * What a process ends with when something failed that nobody waits for, such as a timer: PLUGIN_FAILED where it happened in
 * a plugin's file, or where plugins are loaded and it does not say where it happened; else the error itself.
 */
export function atFault(error: unknown): unknown {
  if (isWinnowError(error)) return error;
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const owner = ownerIn(stack);
  const isPlaced = /\n\s+at /.test(stack);
  const owners = owner === undefined ? [...new Set(isPlaced ? [] : files.values())] : [owner];
  if (owners.length === 0) return error;
  const who = owners.map((one) => `"${one}"`).join(' or ');
  return new WinnowError(
    'PLUGIN_FAILED',
    `Plugin ${who} failed in work that nobody waits for: ${reasonOf(error).replace(/\.$/, '')}.`,
    { hint: 'WINNOW_DEBUG=1 tells where.', cause: error },
  );
}

/**
 * PLUGIN_FAILED where a plugin ends the process, to be asked in a listener of its `exit`: `process.exit()` calls those at once,
 * so that its caller is in their stack.
 */
export function endedByPlugin(): WinnowError | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Infinity;
  const owner = ownerIn(new Error('It ends here.').stack!);
  Error.stackTraceLimit = stackTraceLimit;
  if (owner === undefined) return undefined;
  return new WinnowError(
    'PLUGIN_FAILED',
    `Plugin "${owner}" ended the process by process.exit().`,
    { hint: 'Let it throw an error instead.' },
  );
}
