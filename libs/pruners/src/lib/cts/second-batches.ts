import { TrainingOrder } from '@winnow/data';
import type { PrunerContext } from '@winnow/plugin-api';
import type { Companion } from '@winnow/training';

/** What a search reads beside its own batches: what its objective needs, by the names that `objectiveOn` knows. */
export function secondBatches({
  train,
  validation,
  schedule,
  objective,
  random,
}: PrunerContext): Record<string, Companion> {
  const companions: Record<string, Companion> = {};
  if (objective.needs.includes('held-out-batch')) {
    const stream = random('held-out-shuffling');
    const own = new TrainingOrder(validation.length, schedule.batchSize, stream);
    companions['heldOut'] = {
      source: validation,
      requests: (first, end) => own.requests(first, end),
    };
  }
  if (objective.needs.includes('next-batch')) {
    // Not the search's own order, which remembers one epoch and would be asked for two in turn.
    const stream = random('search-shuffling');
    const ahead = new TrainingOrder(train.length, schedule.batchSize, stream);
    companions['next'] = {
      source: train,
      requests: (first, end) => ahead.requests(first + 1, end + 1),
    };
  }
  return companions;
}
