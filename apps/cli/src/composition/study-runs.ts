import { existsSync } from 'node:fs';
import { startChosenBackend } from '@winnow/experiments';
import { WinnowError } from '@winnow/plugin-api';
import { planStudy } from '@winnow/studies';
import { readStudy, runsOf } from '../flags/study-file.ts';
import { handler } from './handler.ts';
import { OPEN_DATASET, REGISTRY } from './tokens.ts';
import { versions } from './version.ts';

/** Folders of the runs that a study's file names, as far as they are there. Throws NO_RUNS, and what `planStudy` does. */
export const studyRuns = handler([REGISTRY, OPEN_DATASET], (registry, openDataset) => {
  return async (file: string): Promise<string[]> => {
    const study = readStudy(file);
    const folder = runsOf(study);
    const backend = await startChosenBackend('auto', registry);
    const setting = { registry, runs: folder, backend, versions: versions(), openDataset };
    const runs = (await planStudy(study, setting)).map((run) => run.folder.path);
    const there = runs.filter((path) => existsSync(path));
    if (there.length > 0) return there;
    throw new WinnowError('NO_RUNS', `None of the runs of ${file} is in ${folder}.`, {
      hint: `\`winnow study run ${file}\` makes them there; if they were made by --runs DIR, give DIR.`,
    });
  };
});
