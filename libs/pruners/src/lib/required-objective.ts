import { type Objective, type PrunerDescriptor, WinnowError, ofPlugin } from '@winnow/plugin-api';

/** What a method gets that asks for its objective. Throws BAD_METHOD where it did not say that it needs one. */
export function requiredObjective(
  pruner: PrunerDescriptor,
  objective: Objective | undefined,
): Objective {
  if (objective) return objective;
  throw new WinnowError(
    'BAD_METHOD',
    `Method "${pruner.name}"${ofPlugin(pruner)} asks for an objective without saying so.`,
    { hint: 'Its needs must name "objective".' },
  );
}
