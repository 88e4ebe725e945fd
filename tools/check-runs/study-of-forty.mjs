import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Two methods, four densities and five seeds of a net that trains in a second: forty runs. */
const STUDY = `
base: { dataset: digits, model: resnet8, batch-size: 128, epochs: 2, rewind-epochs: 1 }
axes:
  method: [{ method: cts, search-epochs: 1 }, { method: magnitude }]
  density: [0.2, 0.1, 0.05, 0.02]
seeds: 5
`;

export const RUNS = 40;

/** Writes the study into a folder, with what is added to it, and gives its file. */
export function studyIn(folder, added = '', text = STUDY) {
  const file = join(folder, 'study.yaml');
  writeFileSync(file, text + added);
  return file;
}

/** Folders of the runs beside a study. */
export function runsIn(folder) {
  const runs = join(folder, 'runs');
  const names = readdirSync(runs).filter((name) => !/^\.|\.html$/.test(name));
  return names.map((name) => join(runs, name));
}

/** Of runs that have a result, what it says, and what tells whether it is written again. */
export function resultsIn(folder) {
  const results = new Map();
  for (const run of runsIn(folder)) {
    const place = join(run, 'result.json');
    const { mtimeMs, ino } = statSync(place, { throwIfNoEntry: false }) ?? {};
    if (ino !== undefined)
      results.set(run, {
        ...JSON.parse(readFileSync(place, 'utf8')),
        written: `${ino} ${mtimeMs}`,
      });
  }
  return results;
}
