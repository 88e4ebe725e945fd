import type { ComponentRegistry } from '@winnow/plugin-api';
import type { PageLink } from '@winnow/report';
import type { Ticket } from '@winnow/tickets';
import type { MetricsRow } from '../metrics-log.ts';
import { repeatCommand } from '../repeat-command.ts';
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

/** Throws NOT_A_RUN, UNKNOWN_NAME, and what reading a run does. */
export async function readRunRecord(
  folder: RunFolder,
  result: RunResult,
  registry: ComponentRegistry,
): Promise<RunRecord> {
  await folder.identity();
  const config = (await folder.readConfig())!;
  return {
    config,
    result,
    ticket: (await folder.has('ticket')) ? await folder.readTicket() : undefined,
    speed: await folder.readSpeed(),
    metrics: await folder.readMetrics(),
    command: repeatCommand(config, registry),
    around: await pagesAround(folder.store),
  };
}
