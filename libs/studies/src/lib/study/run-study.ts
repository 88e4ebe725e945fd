import { onBackendOf, writeRunReport } from '@winnow/experiments';
import { type ComponentRegistry, WinnowError } from '@winnow/plugin-api';
import { type ManyRuns, runFolders } from '../execute/run-folders.ts';
import { someAtATime } from '../execute/some-at-a-time.ts';
import { keepOnly } from './keep-documents.ts';
import type { StudyRun } from './plan-study.ts';
import { type RunStanding, isLeftOut, standings } from './run-standing.ts';
import { settledRuns } from './settled-runs.ts';
import { ALLOWED, KEPT, type Allowed, type Kept } from './study-file.ts';
import { beginStudyPage, writeStudyPage } from './study-page.ts';

export interface StudyErrand {
  /** Of the study, as its page has it. */
  readonly name: string;
  readonly registry: ComponentRegistry;
  /** Folder of what its executor must know later. */
  readonly state: string;
  readonly allow: readonly Allowed[];
  readonly keep: readonly Kept[];
  readonly follow: boolean;
  /** Names of observers. */
  readonly observe?: readonly string[];
}

/**
 * Refuses runs that were made otherwise than they would be here, unless that is allowed: numbers of two kinds would stand
 * in one table. Throws RUNS_DIFFER.
 */
export function assertAllowed(
  found: readonly RunStanding[],
  allow: readonly Allowed[],
  runs: string,
): void {
  for (const what of ALLOWED.filter((one) => !allow.includes(one))) {
    const other = found.filter(({ differs }) => differs[what] !== undefined);
    const [first] = other;
    if (!first) continue;
    const count = `${other.length} ${other.length === 1 ? 'run' : 'runs'} in ${runs}`;
    throw new WinnowError(
      'RUNS_DIFFER',
      `${count} ${other.length === 1 ? 'was' : 'were'} made by another ${what} than here (${first.differs[what]}), ${first.run.name} first.`,
      { hint: `Give --allow ${what} to use them, or --runs DIR to make new ones elsewhere.` },
    );
  }
}

/** Removes what is not to be kept of runs that are done. */
export async function keepOfAll(
  runs: readonly StudyRun[],
  keep: readonly Kept[],
  registry: ComponentRegistry,
): Promise<void> {
  if (KEPT.every((kept) => keep.includes(kept))) return;
  for (const { folder } of await settledRuns(await standings(runs), registry))
    await keepOnly(folder, keep);
}

/** Writes the pages of runs that were killed once they had their results, and before they had those. */
async function writePages(
  found: readonly RunStanding[],
  registry: ComponentRegistry,
): Promise<void> {
  await someAtATime(found, async ({ run: { folder }, state }) => {
    if (state !== 'done' || (await folder.store.has('report.html'))) return;
    await writeRunReport(folder, (await folder.readResult())!, registry);
  });
}

/**
 * Does what is left of a study. Runs that have failed, or cannot be read, are left at that. Gives how far all of them are then. Throws
 * RUNS_DIFFER, RUN_FOLDER_TAKEN, INTERRUPTED, and what the executor throws.
 */
export async function runStudy(
  runs: readonly StudyRun[],
  { name, registry, state, allow, keep, follow, observe = [] }: StudyErrand,
  many: ManyRuns,
): Promise<readonly RunStanding[]> {
  const found = await standings(runs);
  assertAllowed(found, allow, runs[0]!.folder.file('..'));
  const leftOut = new Set(found.filter(isLeftOut).map(({ run }) => run));
  const left = await Promise.all(
    runs
      .filter((run) => !leftOut.has(run))
      .map(async (run) => {
        // One that is there goes on as it was begun.
        const recorded = await run.folder.readConfig();
        return recorded ? { ...run, config: onBackendOf(recorded, run.config) } : run;
      }),
  );
  many.onEvent({ type: 'task', task: 'study', runs: left.length });
  await beginStudyPage(name, found);
  let over = 0;
  const errand = { until: 'end', registry, keepFailures: true, state, follow, observe } as const;
  // Often enough for the disk, and seldom enough for the time that it takes to look at all.
  const every = Math.max(8, Math.ceil(left.length / 20));
  const onOver = async () => {
    if (++over % every === 0) await keepOfAll(runs, keep, registry);
  };
  await runFolders(left, { ...errand, onOver }, many);
  await writePages(await standings(runs), registry);
  await keepOfAll(runs, keep, registry);
  const end = await standings(runs);
  await writeStudyPage(name, end);
  return end;
}
