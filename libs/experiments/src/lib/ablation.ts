import { WinnowError } from '@winnow/plugin-api';
import { type Ticket } from '@winnow/tickets';
import { ABLATIONS, type Ablation, type AlterationSetting } from './ablations.ts';
import { type RunConfig, firstDifference } from './run-config.ts';
import type { RunFolder } from './run-folder.ts';

/** An ablation of a run is a run of its own below it, which trains the altered ticket with the same budget. */
export function ablationFolder(run: RunFolder, ablation: Ablation): RunFolder {
  return run.at(`checks/${ablation}`);
}

/** The run that an ablation in this folder alters. Throws BAD_RUN where there is none of the same configuration. */
export async function ablatedRun(folder: RunFolder, config: RunConfig): Promise<RunFolder> {
  const run = folder.at('../..');
  const { ablation, ...own } = config;
  const theirs = await run.readConfig();
  if (theirs && !firstDifference(theirs, own)) return run;
  throw new WinnowError(
    'BAD_RUN',
    `${folder.path} is to ${ablation} the ticket of ${run.path}, which holds no such run.`,
    { hint: 'Keep the folder of a check where `winnow check` put it.' },
  );
}

/**
 * The run's ticket, altered, for the weights that it will train on. Throws NO_SCORES where an inversion has none to go
 * by, TICKET_MISMATCH where the files are not of one run.
 */
export async function ablatedTicket(
  ablation: Ablation,
  run: RunFolder,
  setting: Omit<AlterationSetting, 'run'>,
): Promise<Ticket> {
  const row = ABLATIONS[ablation];
  const missing = await row.whyNot?.(run);
  if (missing) throw missing;
  return row.alter(await run.readTicket(), { run, ...setting });
}
