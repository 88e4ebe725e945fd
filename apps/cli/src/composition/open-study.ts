import { type OpenDataset, startChosenBackend } from '@winnow/experiments';
import {
  type ComponentRegistry,
  type GivenOptions,
  WinnowError,
  suggestName,
} from '@winnow/plugin-api';
import {
  type Allowed,
  type ChosenExecutor,
  type Kept,
  type RunStanding,
  type Study,
  type StudyRun,
  badStudy,
  chosenExecutor,
  keptOf,
  planStudy,
  settleHanded,
  standings,
  stateFolder,
} from '@winnow/studies';
import { readStudy, runsOf } from '../flags/study-file.ts';
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
export interface OpenStudy extends ChosenExecutor {
  readonly study: Study;
  /** Folder of the runs. */
  readonly folder: string;
  readonly runs: readonly StudyRun[];
  readonly allow: readonly Allowed[];
  readonly keep: readonly Kept[];
  /** Names of observers. */
  readonly observe: readonly string[];
  /** Folder of what its executor must know later. */
  readonly state: string;
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

/** Reads a study, plans its runs and looks how far they are. Throws what `readStudy` and `planStudy` do. */
export async function openStudy(
  file: string,
  wish: StudyWish,
  executorOptions: GivenOptions,
  registry: ComponentRegistry,
  openDataset: OpenDataset,
): Promise<OpenStudy> {
  const study = readStudy(file);
  const { runs: folder = runsOf(study), allow = study.allow ?? [], keep = keptOf(study) } = wish;
  const observe = observersOf(study, wish, registry);
  const chosen = chosenExecutor(study, registry, wish.executor, executorOptions);
  const backend = await startChosenBackend('auto', registry);
  const setting = { registry, runs: folder, backend, versions: versions(), openDataset };
  const runs = await planStudy(study, setting);
  const state = stateFolder(folder, file);
  await settleHanded(runs, state, chosen);
  const found = await standings(runs);
  return { ...chosen, study, folder, runs, allow, keep, observe, state, found };
}

/** Where a study's runs have failed. */
export function runsFailed(failed: readonly RunStanding[], file: string): WinnowError {
  const [first] = failed;
  const count = `${failed.length} ${failed.length === 1 ? 'run' : 'runs'}`;
  return new WinnowError(
    'RUNS_FAILED',
    `${count} failed: ${first!.run.name}${failed.length > 1 ? ' first' : ''}.`,
    {
      hint: `\`winnow study status ${file}\` tells why, \`winnow study retry ${file}\` tries again.`,
    },
  );
}
