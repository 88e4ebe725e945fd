import { resolve } from 'node:path';
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { sha256, writeWhole } from '@winnow/files';
import { type RandomStreams, WinnowError } from '@winnow/plugin-api';
import { Ticket, readScores, readTicket } from '@winnow/tickets';
import { type RunConfig, firstDifference } from './run-config.ts';
import { RunFolder } from './run-folder.ts';

/** What a sanity check does to a ticket (Frankle et al., arXiv 2009.08576; arXiv 2512.07142, Figures 4 and 5). */
export type Ablation = NonNullable<RunConfig['ablation']>;

/** An ablation of a run is a run of its own below it, which trains the altered ticket with the same budget. */
export function ablationFolder(run: RunFolder, ablation: Ablation): RunFolder {
  return new RunFolder(run.file(`checks/${ablation}`));
}

/** The run that an ablation in this folder alters. Throws BAD_RUN where there is none of the same configuration. */
export async function ablatedRun(folder: RunFolder, config: RunConfig): Promise<RunFolder> {
  const run = new RunFolder(resolve(folder.path, '../..'));
  const { ablation, ...own } = config;
  const theirs = await run.readConfig();
  if (theirs && !firstDifference(theirs, own)) return run;
  throw new WinnowError(
    'BAD_RUN',
    `${folder.path} is to ${ablation} the ticket of ${run.path}, which holds no such run.`,
    { hint: 'Keep the folder of a check where `winnow check` put it.' },
  );
}

/** Copies the start point, which the ablated ticket names by its hash. */
export async function copyStart(from: RunFolder, to: RunFolder): Promise<void> {
  await writeWhole(to.start, await readFile(from.start));
}

/**
 * The run's ticket, altered, for the weights that it will train on. Throws NO_SCORES where an inversion has none to go
 * by, TICKET_MISMATCH where the files are not of one run.
 */
export async function ablatedTicket(
  ablation: Ablation,
  run: RunFolder,
  start: Float32Array,
  random: RandomStreams,
): Promise<Ticket> {
  const ticket = await readTicket(run.ticket);
  const weightsHash = sha256(start);
  switch (ablation) {
    case 'shuffle':
      return ticket.shuffled(random('ticket-shuffling'));
    case 'invert': {
      const missing = whyNoInversion(run);
      if (missing) throw missing;
      return ticket.inverted(await readScores(run.scores));
    }
    case 'reinitialise': {
      const notes = [...(ticket.provenance.notes ?? []), 'found on other weights'];
      return new Ticket({ ...ticket, provenance: { ...ticket.provenance, weightsHash, notes } });
    }
  }
}

/** Why the ticket of a run that has one cannot be inverted, if it cannot. */
export function whyNoInversion(run: RunFolder): WinnowError | undefined {
  if (existsSync(run.scores)) return undefined;
  return new WinnowError('NO_SCORES', `${run.path} has no scores to invert its ticket by.`, {
    hint: 'Methods that prune in several rounds leave none. A run of an earlier version can be repeated in another folder.',
  });
}
