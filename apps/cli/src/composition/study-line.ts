import { shellLine } from '@winnow/studies';

/** What the command line says of where a study's runs are, and of what they are made by. */
export interface StudyGround {
  readonly runs?: string;
  readonly executor?: string;
  readonly plugin?: readonly string[];
}

/** A command line on the same study: without these flags it would be about other runs. */
export function studyLine(
  command: string,
  file: string,
  { runs, executor, plugin = [] }: StudyGround,
): string {
  return shellLine([
    ...['winnow', 'study', command, file],
    ...(runs === undefined ? [] : ['--runs', runs]),
    ...(executor === undefined ? [] : ['--executor', executor]),
    ...plugin.flatMap((named) => ['--plugin', named]),
  ]);
}

/** What shows a study's results: of the study alone, where its file says by itself where they are and by what. */
export function resultsLine(
  file: string,
  folder: string,
  { runs, plugin = [] }: StudyGround,
): string {
  const isToldByFile = runs === undefined && plugin.length === 0;
  return shellLine(['winnow', 'results', isToldByFile ? file : folder, '--means']);
}
