import { type Objective, type PrunerDescriptor, WinnowError, ofPlugin } from '@winnow/plugin-api';

/** Of a method that follows an objective. */
export function noObjective(pruner: PrunerDescriptor): WinnowError {
  return new WinnowError(
    'INVALID_OPTION',
    `Method "${pruner.name}"${ofPlugin(pruner)} follows an objective, and none is given.`,
    { hint: 'Give `objective`.' },
  );
}

/**
 * What a method gets that asks for its objective. Throws INVALID_OPTION where none is given, BAD_METHOD where the method did
 * not say that it needs one.
 */
export function requiredObjective(
  pruner: PrunerDescriptor,
  objective: Objective | undefined,
): Objective {
  if (objective) return objective;
  if (pruner.needs.includes('objective')) throw noObjective(pruner);
  throw new WinnowError(
    'BAD_METHOD',
    `Method "${pruner.name}"${ofPlugin(pruner)} asks for an objective without saying so.`,
    { hint: 'Its needs must name "objective".' },
  );
}
