import { groupBy } from '@winnow/report';
import { type ToldRun, inTurn, instructionSets, valuesIn } from '../results/told-run.ts';

interface Maker {
  readonly name: string;
  readonly of: (run: ToldRun) => string;
  /** By what the runs are made that a check makes itself. */
  readonly here: string;
}

const MAKERS: readonly Maker[] = [
  {
    name: 'instruction set',
    of: (run) => inTurn(instructionSets(run)),
    here: 'WINNOW_INSTRUCTIONS says by which new ones are made.',
  },
  {
    name: 'backend',
    of: (run) => inTurn(valuesIn(run, 'backend').filter((value) => value !== undefined)),
    here: 'New ones are made by that on which the first of theirs began.',
  },
];

/** A sentence each where not one instruction set, or not one backend, made all runs of a check. */
export function madeUnlike(runs: readonly ToldRun[], names: readonly string[]): string[] {
  return MAKERS.flatMap(({ name, of, here }) => {
    const made = runs
      .map((run, i) => ({ run: names[i]!, by: of(run) }))
      .filter(({ by }) => by !== '');
    const groups = groupBy(made, ({ by }) => by);
    if (groups.size < 2) return [];
    const told = [...groups].map(([by, [first, ...others]]) => {
      const more = others.length > 0 ? ` and ${others.length} more` : '';
      return `${by} in ${first!.run}${more}`;
    });
    return [
      `Not all runs are of one ${name}, which accuracies may differ by: ${told.join('; ')}. ${here}`,
    ];
  });
}
