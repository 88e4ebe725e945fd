import { canonicalJson, withoutGiven, requireRun } from '@winnow/experiments';
import { DENSE, WinnowError } from '@winnow/plugin-api';
import { type NamedRun, distinctFolders } from '../execute/named-run.ts';
import { tellRunsApart } from '../results/tell-runs-apart.ts';
import { toldRuns } from '../results/told-run.ts';

function refuse(message: string, hint: string): never {
  throw new WinnowError('INVALID_OPTION', message, { hint });
}

/** What runs of one comparison have in common. */
const shared = ({ config }: NamedRun) => ({
  network: [withoutGiven(config.model), config.leaveOut],
  'data set': { ...config.dataset, given: undefined, options: undefined },
  start: [config.start, config.rewindEpochs],
  'start weights': config.startWeights?.hash,
  'batch size': config.recipe.batchSize,
  // Training leads to the rewind point, so that another recipe is another start.
  recipe: config.rewindEpochs > 0 ? config.recipe : undefined,
});

/** Two runs of one method, density and seed would count as two seeds. */
async function assertDifferentSeeds(runs: readonly NamedRun[]): Promise<void> {
  const labels = tellRunsApart(await toldRuns(runs));
  const seen = new Map<string, NamedRun>();
  for (const [i, run] of runs.entries()) {
    const key = `${labels[i]!}, density ${run.config.density}, seed ${run.config.seed}`;
    const same = seen.get(key);
    if (same) refuse(`${same.name} and ${run.name} are the same run: ${key}.`, 'Give one of them.');
    seen.set(key, run);
  }
}

/**
 * Runs that can be compared: of one network from one kind of start point, each with a ticket, and each once. Throws
 * NOT_A_RUN, BAD_RUN, INVALID_OPTION.
 */
export async function givenRuns(paths: readonly string[]): Promise<NamedRun[]> {
  const runs = distinctFolders(
    await Promise.all(paths.map(async (path) => ({ name: path, ...(await requireRun(path)) }))),
  );
  const [first] = runs as [NamedRun];
  for (const run of runs) {
    if (run.config.method.name === DENSE)
      refuse(`${run.name} is a dense run, which has no ticket.`, 'Leave it out.');
    const theirs = shared(run);
    for (const [what, value] of Object.entries(shared(first))) {
      if (canonicalJson(value) !== canonicalJson(theirs[what as keyof typeof theirs]))
        refuse(
          `${first.name} and ${run.name} differ in their ${what}.`,
          'Give runs of one network, data set and start point.',
        );
    }
  }
  await assertDifferentSeeds(runs);
  return runs;
}
