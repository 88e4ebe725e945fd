import { DENSE } from '@winnow/experiments';
import { WinnowError } from '@winnow/plugin-api';
import { requireRun } from './require-run.ts';
import type { NamedRun } from './run-folders.ts';

/** Runs that can be compared: of one network from one kind of start point, each with a ticket. Throws NOT_A_RUN, BAD_RUN, INVALID_OPTION. */
export async function givenRuns(paths: readonly string[]): Promise<NamedRun[]> {
  const runs = await Promise.all(
    paths.map(async (path) => ({ name: path, ...(await requireRun(path)) })),
  );
  const refuse = (message: string, hint: string) => {
    throw new WinnowError('INVALID_OPTION', message, { hint });
  };
  const shared = ({ config }: NamedRun) => ({
    network: config.model,
    'data set': { ...config.dataset, options: undefined },
    start: [config.start, config.rewindEpochs],
    'batch size': config.recipe.batchSize,
  });
  const [first] = runs as [NamedRun];
  for (const run of runs) {
    if (run.config.method === DENSE)
      refuse(`${run.name} is a dense run, which has no ticket.`, 'Leave it out.');
    const theirs = shared(run);
    for (const [what, value] of Object.entries(shared(first))) {
      if (JSON.stringify(value) !== JSON.stringify(theirs[what as keyof typeof theirs]))
        refuse(
          `${first.name} and ${run.name} differ in their ${what}.`,
          'Give runs of one network, data set and start point.',
        );
    }
  }
  return runs;
}
