import { sha256 } from '@winnow/files';
import {
  type Checkpoints,
  INTERRUPTED,
  type SavedState,
  WinnowError,
  isWinnowError,
} from '@winnow/plugin-api';
import { MemoryCheckpoints } from './memory-checkpoints.ts';

/** Beside a method's own values, which may have any name. */
const MARK = 'winnow.work';

/** The same for any order of keys. */
function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Marks what it saves with the work that it is of, and refuses what is saved of other work. */
class WorkCheckpoints implements Checkpoints {
  readonly #kept: Checkpoints;
  readonly #work: string;

  constructor(kept: Checkpoints, work: string) {
    this.#kept = kept;
    this.#work = work;
  }

  async load(): Promise<SavedState | undefined> {
    const saved = await this.#kept.load();
    if (!saved) return undefined;
    // Not handed on: training within a search has the search's mark on its state.
    const { [MARK]: work, ...values } = saved.values;
    if (work === undefined || work === this.#work) return { ...saved, values };
    throw new WinnowError('CHECKPOINT_MISMATCH', 'The checkpoints hold the state of other work.', {
      hint: 'Give each piece of work checkpoints of its own; network, start point, data, seed, recipe, ticket, method, density and options must be the same to go on.',
    });
  }

  due(): boolean {
    return this.#kept.due();
  }

  save({ arrays, values }: SavedState): Promise<void> {
    return this.#kept.save({ arrays, values: { ...values, [MARK]: this.#work } });
  }
}

/**
 * Does work that `description` (plain values) is all of. Throws CHECKPOINT_MISMATCH where the checkpoints hold the state of
 * other work; INTERRUPTED, which says so where nobody has the state.
 */
export async function withCheckpoints<T>(
  given: Checkpoints | undefined,
  description: object,
  work: (checkpoints: Checkpoints) => Promise<T>,
): Promise<T> {
  if (given) return work(new WorkCheckpoints(given, sha256(JSON.stringify(description, sorted))));
  const memory = new MemoryCheckpoints();
  try {
    return await work(memory);
  } catch (cause) {
    if (!isWinnowError(cause) || cause.code !== INTERRUPTED || !(await memory.load())) throw cause;
    throw new WinnowError(INTERRUPTED, 'Interrupted; nothing is saved.', {
      hint: 'Give `checkpoints`, such as new MemoryCheckpoints(), to go on from there another time.',
      cause,
    });
  }
}
