import { ABLATIONS, type Ablation, ablationFolder } from '@winnow/experiments';
import { WinnowError } from '@winnow/plugin-api';
import type { Replicate } from './plan-checks.ts';

/** Why one of these tickets cannot be altered so, if one cannot; of tickets that are yet to come nothing is known. */
export async function whyNot(
  ablation: Ablation,
  runs: readonly Replicate[],
): Promise<WinnowError | undefined> {
  for (const { folder } of runs) {
    const altered = ablationFolder(folder, ablation);
    const isAltered = (await altered.readResult()) ?? (await altered.has('ticket'));
    if (isAltered || !(await folder.has('ticket'))) continue;
    const reason = await ABLATIONS[ablation].whyNot?.(folder);
    if (reason) return reason;
  }
  return undefined;
}

/**
 * Throws FILE_NOT_READABLE where a run that is over has not kept the ticket or the start point that its ablation begins
 * with; one that goes on makes them on its way.
 */
export async function assertKept(ablation: Ablation, runs: readonly Replicate[]): Promise<void> {
  const isFresh = ABLATIONS[ablation].freshWeights !== undefined;
  for (const { folder } of runs) {
    const altered = ablationFolder(folder, ablation);
    if (!(await folder.readResult()) || (await altered.readResult())) continue;
    for (const document of isFresh ? (['ticket'] as const) : (['ticket', 'start'] as const)) {
      if ((await folder.has(document)) || (await altered.has(document))) continue;
      throw new WinnowError(
        'FILE_NOT_READABLE',
        `There is no ${folder[document]}, which the check "${ablation}" begins with.`,
        { hint: `\`winnow resume ${folder.path} --until ${document}\` makes it again.` },
      );
    }
  }
}
