import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { sha256 } from '@winnow/files';
import type { ComponentRegistry, GivenOptions } from '@winnow/plugin-api';
import { type ChosenExecutor, chosenExecutor } from './chosen-executor.ts';
import type { Study } from './study-file.ts';

/** An executor of a study, and the folder of what it must know of that later. */
export interface StudyExecutor extends ChosenExecutor {
  readonly state: string;
}

/** In the folder of the runs: of the study of this file, and of one executor. */
function stateFolder(runs: string, file: string, executor: string): string {
  const mark = sha256(resolve(file)).slice(0, 8);
  return join(runs, '.studies', `${basename(file)}-${mark}`, encodeURIComponent(executor));
}

/**
 * The executor that is chosen, and then all others that have left something there: a study that is handed over to one by a
 * flag is under way, whatever its file says. Throws what `chosenExecutor` does of the one that is chosen; of the others,
 * which may need an option that a flag gave then, `onProblem` is told.
 */
export function studyExecutors(
  study: Study,
  runs: string,
  registry: ComponentRegistry,
  name: string | undefined,
  given: GivenOptions,
  onProblem: (problem: unknown) => void,
): [StudyExecutor, ...StudyExecutor[]] {
  const placed = (one: ChosenExecutor): StudyExecutor => ({
    ...one,
    state: stateFolder(runs, study.place.path, one.executor.name),
  });
  const chosen = placed(chosenExecutor(study, registry, name, given));
  const others = registry
    .names('executor')
    .filter((other) => other !== chosen.executor.name)
    .filter((other) => existsSync(stateFolder(runs, study.place.path, other)))
    .flatMap((other) => {
      try {
        return placed(chosenExecutor(study, registry, other, {}));
      } catch (problem) {
        onProblem(problem);
        return [];
      }
    });
  return [chosen, ...others];
}
