import type { RunConfig, RunFolder } from '@winnow/experiments';
import type { Executor, ManyRunsErrand } from './executor.ts';
import type { NamedRun } from './named-run.ts';
import type { StudyListener } from './study-event.ts';

/** How many runs are carried out. */
export interface ManyRuns extends Pick<ManyRunsErrand, 'plugins' | 'parallel' | 'signal'> {
  readonly execute: Executor;
  readonly onEvent: StudyListener;
  /** Of the software, for the record. */
  readonly versions: Readonly<Record<string, string>>;
}

async function isDone(folder: RunFolder, until: ManyRunsErrand['until']): Promise<boolean> {
  return until === 'ticket' ? folder.has('ticket') : (await folder.readResult()) !== undefined;
}

/** Makes a folder the run's; what is there already is looked at only, since another process may be at work on it. */
async function claimFor(folder: RunFolder, config: RunConfig): Promise<void> {
  const isThere = (await folder.readConfig()) !== undefined;
  await (isThere ? folder.claim(config) : folder.hold((held) => held.claim(config)));
}

/**
 * Does what is left of these runs, in this order. Throws RUN_FOLDER_TAKEN, RUN_IN_USE, JOB_FAILED, or INTERRUPTED once all have saved
 * their state.
 */
export async function runFolders(
  runs: readonly NamedRun[],
  until: ManyRunsErrand['until'],
  { plugins, parallel, signal, execute, onEvent, versions }: ManyRuns,
): Promise<void> {
  const left: NamedRun[] = [];
  for (const run of runs) {
    const { folder, config } = run;
    await claimFor(folder, { ...config, versions });
    if (await isDone(folder, until)) onEvent({ type: 'done', run: run.name });
    else left.push(run);
  }
  await execute(left, {
    until,
    plugins,
    parallel,
    signal,
    onEvent: ({ name }, event) => onEvent({ type: 'run', run: name, event }),
    onDone: ({ name }) => onEvent({ type: 'done', run: name }),
  });
}
