import { join } from 'node:path';
import { ABLATION_NAMES, RunFolder, ablationFolder, copyRun } from '@winnow/experiments';
import type { CheckPlan, Replicate } from './plan-checks.ts';

const copyOf = ({ config: { density, seed } }: Replicate, out: string) =>
  new RunFolder(join(out, `density${density}`, `seed${seed}`));

/** The replicates as they are known before anything is copied: by copies that are whole, where those are there already. */
export function knownElsewhere(
  runs: readonly Replicate[],
  out: string,
): Promise<readonly Replicate[]> {
  return Promise.all(
    runs.map(async (run) => {
      const copy = copyOf(run, out);
      const isWhole = (await copy.readConfig()) && (await copy.readResult());
      return isWhole ? { ...run, folder: copy } : run;
    }),
  );
}

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
    for (const run of replicates) {
      const { folder, config } = run;
      const copy = copyOf(run, out);
      await copyRun(folder, copy);
      for (const ablation of ABLATION_NAMES)
        await copyRun(ablationFolder(folder, ablation), ablationFolder(copy, ablation));
      there.push({ folder: copy, config });
    }
    moved.push({ density, replicates: there });
  }
  return moved;
}
