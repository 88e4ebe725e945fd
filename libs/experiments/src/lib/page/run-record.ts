import type { PageLink } from '@winnow/report';
import type { Ticket } from '@winnow/tickets';
import type { MetricsRow } from '../metrics-log.ts';
import type { RunConfig } from '../run-config.ts';
import type { RunFolder } from '../run-folder.ts';
import type { RunResult } from '../run-result.ts';
import type { Speed } from '../speed.ts';
import { pagesAround } from './pages-around.ts';

/** All that the page of a finished run tells. */
export interface RunRecord {
  readonly config: RunConfig;
  readonly result: RunResult;
  /** None of a dense run, nor where it is not kept. */
  readonly ticket?: Ticket | undefined;
  readonly speed?: Speed | undefined;
  /** Every step's numbers; none where they are not kept. */
  readonly metrics: readonly MetricsRow[];
  /** What makes the run again; none where no command line does. */
  readonly command?: string | undefined;
  readonly around: readonly PageLink[];
}

/** Throws NOT_A_RUN, what reading a run does, and what telling the command of its configuration does. */
export async function readRunRecord(
  folder: RunFolder,
  result: RunResult,
  commandOf: (config: RunConfig) => string | undefined,
): Promise<RunRecord> {
  await folder.identity();
  const config = (await folder.readConfig())!;
  return {
    config,
    result,
    ticket: (await folder.has('ticket')) ? await folder.readTicket() : undefined,
    speed: await folder.readSpeed(),
    metrics: await folder.readMetrics(),
    command: commandOf(config),
    around: await pagesAround(folder.store),
  };
}
