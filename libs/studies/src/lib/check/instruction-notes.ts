import { groupBy } from '@winnow/report';
import { type ToldRun, inTurn, instructionSets } from '../results/told-run.ts';

/** A sentence where not one instruction set made all runs of a check: those that it makes itself are of this machine's. */
export function instructionNotes(runs: readonly ToldRun[], names: readonly string[]): string[] {
  const made = runs
    .map((run, i) => ({ name: names[i]!, set: inTurn(instructionSets(run)) }))
    .filter(({ set }) => set !== '');
  const bySet = groupBy(made, ({ set }) => set);
  if (bySet.size < 2) return [];
  const told = [...bySet].map(([set, [first, ...others]]) => {
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return `${set} in ${first!.name}${more}`;
  });
  return [
    `Not all runs are of one instruction set, which accuracies may differ by: ${told.join('; ')}. WINNOW_INSTRUCTIONS says by which new ones are made.`,
  ];
}
