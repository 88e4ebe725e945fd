import type { Checkpoints, Clock, ScopedCheckpoints } from '@winnow/plugin-api';
import { multiplyAddsSoFar } from '@winnow/tensor-backend';
import { scopedCheckpoints } from '@winnow/training';

/** What the work of a phase has cost. */
export interface Cost {
  /** That led to the present state, interrupted processes included. */
  readonly multiplyAdds: () => number;
  readonly seconds: () => number;
  /** Does what the work is to cost nothing of. */
  readonly aside: <T>(other: () => Promise<T>) => Promise<T>;
}

/**
 * Checkpoints of a phase's work that keep multiply-adds and seconds with the state that they led to, so that steps which
 * are done again count once.
 */
export async function countedCheckpoints(
  store: Checkpoints,
  clock: Clock,
): Promise<{ readonly checkpoints: ScopedCheckpoints; readonly cost: Cost }> {
  let earlier = { multiplyAdds: 0, seconds: 0 };
  let since = multiplyAddsSoFar();
  let startedAt = clock();
  const multiplyAdds = () => earlier.multiplyAdds + multiplyAddsSoFar() - since;
  const seconds = () => earlier.seconds + (clock() - startedAt) / 1000;
  const counted = scopedCheckpoints(store, () => ({
    arrays: {},
    values: { multiplyAdds: multiplyAdds(), seconds: seconds() },
  }));
  const saved = await counted.load();
  if (saved) earlier = saved.values as typeof earlier;
  const aside: Cost['aside'] = async (other) => {
    const [computed, at] = [multiplyAddsSoFar(), clock()];
    try {
      return await other();
    } finally {
      since += multiplyAddsSoFar() - computed;
      startedAt += clock() - at;
    }
  };
  return { checkpoints: counted.scope('work'), cost: { multiplyAdds, seconds, aside } };
}
