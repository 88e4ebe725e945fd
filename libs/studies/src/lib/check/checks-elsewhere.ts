import { join } from 'node:path';
import { ABLATION_NAMES, RunFolder, ablationFolder, copyRun } from '@winnow/experiments';
import type { CheckPlan, Replicate } from './plan-checks.ts';

/**
 * The replicates in a folder of their own, each with what is done of it and of its ablations: an ablation is sought below
 * the run that it alters, and that may lie where nothing can be written. Throws what `copyRun` does.
 */
export async function checksElsewhere(
  plans: readonly CheckPlan[],
  out: string,
): Promise<readonly CheckPlan[]> {
  const moved: CheckPlan[] = [];
  for (const { density, replicates } of plans) {
    const there: Replicate[] = [];
    for (const { folder, config } of replicates) {
      const copy = new RunFolder(join(out, `density${density}`, `seed${config.seed}`));
      await copyRun(folder, copy);
      for (const ablation of ABLATION_NAMES)
        await copyRun(ablationFolder(folder, ablation), ablationFolder(copy, ablation));
      there.push({ folder: copy, config });
    }
    moved.push({ density, replicates: there });
  }
  return moved;
}
