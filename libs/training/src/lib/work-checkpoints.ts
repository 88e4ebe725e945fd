import { sha256 } from '@winnow/files';
import {
  type Checkpoints,
  INTERRUPTED,
  type ScopedCheckpoints,
  WinnowError,
  isWinnowError,
} from '@winnow/plugin-api';
import { MemoryCheckpoints } from './memory-checkpoints.ts';
import { scopedCheckpoints } from './scoped-checkpoints.ts';

/**
 * The same for any order of keys; arrays of numbers by their hash, and what else is no plain data, as options of a script may
 * be, by its text.
 */
function plain(_: string, value: unknown): unknown {
  if (typeof value === 'function') return String(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (ArrayBuffer.isView(value)) return sha256(value);
  if (value instanceof Map || value instanceof Set) return [...(value as Iterable<unknown>)];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    return (value as RegExp | Date).toString();
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Checkpoints that bear the mark of the work that they are of. Throws CHECKPOINT_MISMATCH where they are of other work. */
async function markedCheckpoints(
  given: Checkpoints,
  description: object,
): Promise<ScopedCheckpoints> {
  const work = sha256(JSON.stringify(description, plain));
  const marked = scopedCheckpoints(given, () => ({ arrays: {}, values: { work } }));
  const saved = await marked.load();
  if (saved === undefined || saved.values['work'] === work) return marked.scope('state');
  throw new WinnowError('CHECKPOINT_MISMATCH', 'The checkpoints hold the state of other work.', {
    hint: 'Give each piece of work checkpoints of its own; network, start point, data, seed, recipe, ticket, method, density and options must be the same to go on.',
  });
}

/**
 * Does work that `description` (plain values) is all of. Throws CHECKPOINT_MISMATCH where the checkpoints hold the state of
 * other work; INTERRUPTED, which says so where nobody has the state.
 */
export async function withCheckpoints<T>(
  given: Checkpoints | undefined,
  description: object,
  work: (checkpoints: ScopedCheckpoints) => Promise<T>,
): Promise<T> {
  if (given) return work(await markedCheckpoints(given, description));
  const memory = new MemoryCheckpoints();
  try {
    return await work(scopedCheckpoints(memory));
  } catch (cause) {
    if (!isWinnowError(cause) || cause.code !== INTERRUPTED || !(await memory.load())) throw cause;
    throw new WinnowError(INTERRUPTED, 'Interrupted; nothing is saved.', {
      hint: 'Give `checkpoints`, such as new MemoryCheckpoints(), to go on from there another time.',
      cause,
    });
  }
}
