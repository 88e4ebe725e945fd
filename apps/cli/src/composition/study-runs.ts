import { existsSync } from 'node:fs';
import { startChosenBackend } from '@winnow/experiments';
import { WinnowError } from '@winnow/plugin-api';
import { planStudy, tellOtherCode } from '@winnow/studies';
import { readStudy, runsOf } from '../flags/study-file.ts';
import { note } from '../terminal/console.ts';
import { handler } from './handler.ts';
import { CONSOLE, OPEN_DATASET, REGISTRY } from './tokens.ts';
import { versions } from './version.ts';

/** Folders of the runs that a study's file names, as far as they are there; says how many are not. Throws NO_RUNS, and what `planStudy` does. */
export const studyRuns = handler(
  [REGISTRY, OPEN_DATASET, CONSOLE],
  (registry, openDataset, console) => {
    return async (file: string): Promise<string[]> => {
      const study = readStudy(file);
      const folder = runsOf(study);
      const backend = await startChosenBackend('auto', registry);
      const setting = { registry, runs: folder, backend, versions: versions(), openDataset };
      const runs = await planStudy(study, setting);
      const [there, missing] = [true, false].map((isThere) =>
        runs.filter((run) => existsSync(run.folder.path) === isThere),
      );
      for (const line of await tellOtherCode(missing!)) note(console, line);
      if (there!.length > 0) {
        if (missing!.length > 0)
          note(
            console,
            `${missing!.length} of the ${runs.length} runs of ${file} ${missing!.length === 1 ? 'is' : 'are'} not begun.`,
          );
        return there!.map((run) => run.folder.path);
      }
      throw new WinnowError('NO_RUNS', `None of the runs of ${file} is in ${folder}.`, {
        hint: `\`winnow study run ${file}\` makes them there; if they were made by --runs DIR, give DIR.`,
      });
    };
  },
);
