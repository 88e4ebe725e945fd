import { WinnowError } from '@winnow/plugin-api';

/** Keys and places in lists that lead to a value of a study file. */
export type StudyPath = readonly PropertyKey[];

/** Where a study was read, for errors. */
export interface StudyPlace {
  readonly path: string;
  /** Of the value at a path, or of the nearest one around it; counted from 1. */
  readonly lineOf: (path: StudyPath) => number | undefined;
}

/** "study.yaml, line 3" */
export function lineAt({ path: file, lineOf }: StudyPlace, path: StudyPath): string {
  const line = lineOf(path);
  return line === undefined ? file : `${file}, line ${line}`;
}

/** BAD_STUDY, with the file and the line. */
export function badStudy(
  place: StudyPlace,
  path: StudyPath,
  problem: string,
  hint: string,
): WinnowError {
  return new WinnowError('BAD_STUDY', `${lineAt(place, path)}: ${problem}.`, { hint });
}
