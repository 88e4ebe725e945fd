import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Job, type Replicate, type RunFolder, runInProcesses } from '@winnow/experiments';
import type { RunEvent } from '@winnow/plugin-api';
import type { ManyRunsBar } from './many-runs-bar.ts';
import type { RunErrand } from './run-errand.ts';
import { versions } from './version.ts';

const ENTRY = fileURLToPath(new URL('../bin/winnow.js', import.meta.url));

export interface NamedRun extends Replicate {
  /** For progress and errors. */
  readonly name: string;
}

/** Each folder's run once, however its path is written: two processes must not work in one folder. */
export function distinctFolders(runs: readonly NamedRun[]): NamedRun[] {
  const byFolder = new Map<string, NamedRun>();
  for (const run of runs) {
    const path = resolve(run.folder.path);
    if (!byFolder.has(path)) byFolder.set(path, run);
  }
  return [...byFolder.values()];
}

export interface ManyRuns {
  readonly until: RunErrand['until'];
  /** Files of plugins that take the place of those that the runs recorded. */
  readonly plugins: readonly string[];
  /** Runs at a time, each in a process of its own. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly bar: ManyRunsBar;
}

async function isDone(folder: RunFolder, until: RunErrand['until']): Promise<boolean> {
  return until === 'ticket' ? existsSync(folder.ticket) : (await folder.readResult()) !== undefined;
}

/**
 * Does what is left of these runs, in this order. Throws RUN_FOLDER_TAKEN, JOB_FAILED, or INTERRUPTED once all have saved
 * their state.
 */
export async function runFolders(
  runs: readonly NamedRun[],
  { until, plugins, parallel, signal, bar }: ManyRuns,
): Promise<void> {
  const jobs: Job[] = [];
  // The settings of a winnow.yaml are for what the user types, not for what that starts.
  const common = ['--until', until, '--json', ...plugins.flatMap((path) => ['--plugin', path])];
  for (const { name, folder, config } of runs) {
    await folder.claim({ ...config, versions: versions() });
    if (await isDone(folder, until)) bar.finished(name);
    else jobs.push({ name, command: [ENTRY, '--no-config', 'resume', folder.path, ...common] });
  }
  await runInProcesses(jobs, parallel, signal, (job, event) => bar.update(job, event as RunEvent));
}
