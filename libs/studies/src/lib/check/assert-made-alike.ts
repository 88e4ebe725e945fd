import { WinnowError } from '@winnow/plugin-api';
import { type ToldRun, inTurn, instructionSets } from '../results/told-run.ts';

/**
 * Replicates are told apart by nothing but their seeds: means over several instruction sets would hide another cause.
 * Throws INVALID_OPTION.
 */
export function assertMadeAlike(runs: readonly ToldRun[], names: readonly string[]): void {
  const sets = runs.map((run) => inTurn(instructionSets(run)));
  const other = sets.findIndex((set) => set !== '' && sets[0] !== '' && set !== sets[0]);
  if (other < 0) return;
  throw new WinnowError(
    'INVALID_OPTION',
    `${names[0]} was made by ${sets[0]}, and ${names[other]} by ${sets[other]}.`,
    {
      hint: 'Give runs of one instruction set; WINNOW_INSTRUCTIONS makes runs by any that the processor has.',
    },
  );
}
