import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import { reasonOf } from './reason-of.ts';

/** Codes of what Winnow's own functions say of numbers that a plugin handed to them. */
const OF_VALUES = new Set(['NAN_SCORE', 'BAD_TICKET', 'BAD_MASK']);

/** An error as the user should meet it; `title` names component and plugin. */
function named(error: unknown, title: string): unknown {
  if (isWinnowError(error)) {
    if (!OF_VALUES.has(error.code) || error.message.startsWith(title)) return error;
    return new WinnowError(error.code, `${title}: ${error.message}`, { cause: error });
  }
  // WebAssembly out of memory is no plugin's fault.
  if (error instanceof Error && error.constructor.name === 'RuntimeError') return error;
  return new WinnowError(
    'PLUGIN_FAILED',
    `${title} failed: ${reasonOf(error).replace(/\.$/, '')}.`,
    {
      hint: 'WINNOW_DEBUG=1 tells where.',
      cause: error,
    },
  );
}

/** Does a plugin's work. A WinnowError passes; anything else that it throws becomes PLUGIN_FAILED. */
export function attempt<T>(title: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw named(error, title);
  }
}

export async function attemptAsync<T>(title: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw named(error, title);
  }
}
