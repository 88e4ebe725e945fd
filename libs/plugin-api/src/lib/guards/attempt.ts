import { WinnowError, isWinnowError } from '../winnow-error.ts';

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
  const reason = error instanceof Error ? error.message : String(error);
  return new WinnowError('PLUGIN_FAILED', `${title} failed: ${reason.replace(/\.$/, '')}.`, {
    hint: 'WINNOW_DEBUG=1 tells where.',
    cause: error,
  });
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

/**
 * An object that is as another one but for the fields given. Everything else is read from the other one when it is asked
 * for, with its own `this`, so that instances of classes and frozen objects will do.
 */
export function withFields<T extends object>(target: T, fields: Partial<T>): T {
  const result: object = {};
  const names = new Set<string | symbol>();
  for (let o: object = target; o && o !== Object.prototype; o = Object.getPrototypeOf(o) as object)
    for (const name of Reflect.ownKeys(o)) if (name !== 'constructor') names.add(name);
  for (const name of names) {
    const get = () => {
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    };
    Object.defineProperty(result, name, { get, enumerable: true, configurable: true });
  }
  for (const [name, value] of Object.entries(fields))
    Object.defineProperty(result, name, { value, enumerable: true, configurable: true });
  return result as T;
}
