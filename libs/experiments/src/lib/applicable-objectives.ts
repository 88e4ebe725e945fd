import { prepareObjective } from '@winnow/pruners';
import { type Objective, type PrepareSetting, isWinnowError } from '@winnow/plugin-api';

/** An objective that does not go with a network or its data, and why. */
export interface SkippedObjective {
  readonly objective: string;
  readonly reason: string;
}

export interface ObjectiveChoice {
  readonly objectives: readonly Objective[];
  readonly skipped: readonly SkippedObjective[];
}

/**
 * The objectives that go with a network and its data. Those that were asked for by name must: throws what
 * `prepareObjective` does.
 */
export async function applicableObjectives(
  objectives: readonly Objective[],
  named: boolean,
  setting: PrepareSetting,
): Promise<ObjectiveChoice> {
  const skipped: SkippedObjective[] = [];
  for (const objective of objectives) {
    try {
      await prepareObjective(objective, setting);
    } catch (error) {
      if (named || !isWinnowError(error)) throw error;
      skipped.push({ objective: objective.name, reason: error.sentence });
    }
  }
  const left = new Set(skipped.map(({ objective }) => objective));
  return { objectives: objectives.filter(({ name }) => !left.has(name)), skipped };
}
