import {
  type ComponentRegistry,
  DENSE,
  type Objective,
  type PrunerDescriptor,
  WinnowError,
} from '@winnow/plugin-api';

/**
 * What a method searches for: the objective of this name, or its own default; nothing where it follows none. Throws
 * UNKNOWN_NAME, OPTION_NOT_USED, INVALID_OPTION.
 */
export function chosenObjective(
  pruner: PrunerDescriptor | undefined,
  chosen: string | undefined,
  registry: ComponentRegistry,
): Objective | undefined {
  if (pruner?.needs.includes('objective')) {
    const name = chosen ?? pruner.defaultObjective;
    if (name !== undefined) return registry.get('objective', name);
    throw new WinnowError(
      'INVALID_OPTION',
      `Method "${pruner.name}" follows an objective and has no choice of its own.`,
      { hint: `Give --objective: ${registry.names('objective').join(', ')}.` },
    );
  }
  if (chosen === undefined) return undefined;
  const followers = registry.all('pruner').filter(({ needs }) => needs.includes('objective'));
  throw new WinnowError(
    'OPTION_NOT_USED',
    `Method "${pruner?.name ?? DENSE}" follows no objective ("${chosen}").`,
    {
      hint: `Leave the objective out, or choose a method that does: ${followers.map(({ name }) => name).join(', ')}.`,
    },
  );
}
