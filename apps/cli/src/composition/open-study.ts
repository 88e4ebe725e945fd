import { type OpenDataset, startChosenBackend } from '@winnow/experiments';
import { type ComponentRegistry, type GivenOptions, suggestName } from '@winnow/plugin-api';
import {
  type Allowed,
  type Kept,
  type RunStanding,
  type Study,
  type StudyExecutor,
  type StudyRun,
  badStudy,
  keptOf,
  planStudy,
  settleHanded,
  standings,
  studyExecutors,
  tellOtherCode,
} from '@winnow/studies';
import { type Console, note } from '../terminal/console.ts';
import { readStudy, runsOf } from '../flags/study-file.ts';
import { eachAsked } from './each-asked.ts';
import { versions } from './version.ts';

/** What the command line says of a study, over its file. */
export interface StudyWish {
  readonly runs?: string;
  readonly allow?: readonly Allowed[];
  readonly keep?: readonly Kept[];
  readonly executor?: string;
  readonly observe?: readonly string[];
}

/** A study, its runs, and by what they are carried out. */
export interface OpenStudy extends StudyExecutor {
  readonly study: Study;
  /** Folder of the runs. */
  readonly folder: string;
  readonly runs: readonly StudyRun[];
  readonly allow: readonly Allowed[];
  readonly keep: readonly Kept[];
  /** Names of observers. */
  readonly observe: readonly string[];
  /** All that may have some of them under way, this executor among them. */
  readonly executors: readonly StudyExecutor[];
  readonly found: readonly RunStanding[];
}

/** Throws UNKNOWN_NAME, BAD_STUDY. */
function observersOf(
  { observe: own = [], place }: Study,
  { observe }: StudyWish,
  registry: ComponentRegistry,
): readonly string[] {
  const known = registry.names('observer');
  for (const [i, name] of own.entries())
    if (!known.includes(name)) {
      const hint = suggestName(name, known);
      throw badStudy(place, ['observe', i], `there is no observer "${name}"`, hint);
    }
  return observe?.map((name) => registry.get('observer', name).name) ?? own;
}

export interface StudyOpener {
  readonly registry: ComponentRegistry;
  readonly openDataset: OpenDataset;
  /** Is told why an executor that was not chosen, and may have jobs, cannot be asked. */
  readonly console: Console;
}

/** Reads a study, plans its runs and looks how far they are. Throws what `readStudy` and `planStudy` do. */
export async function openStudy(
  file: string,
  wish: StudyWish,
  executorOptions: GivenOptions,
  { registry, openDataset, console }: StudyOpener,
): Promise<OpenStudy> {
  const study = readStudy(file);
  const { runs: folder = runsOf(study), allow = study.allow ?? [], keep = keptOf(study) } = wish;
  const observe = observersOf(study, wish, registry);
  const tell = (problem: unknown) => note(console, problem);
  const { executor: name } = wish;
  const executors = studyExecutors(study, folder, registry, name, executorOptions, tell);
  const backend = await startChosenBackend('auto', registry);
  const setting = { registry, runs: folder, backend, versions: versions(), openDataset };
  const runs = await planStudy(study, setting);
  await eachAsked(executors, console, (one) => settleHanded(runs, one));
  const found = await standings(runs);
  const fresh = found.filter(({ state }) => state === 'new').map(({ run }) => run);
  for (const line of await tellOtherCode(fresh)) tell(line);
  return { ...executors[0], executors, study, folder, runs, allow, keep, observe, found };
}
