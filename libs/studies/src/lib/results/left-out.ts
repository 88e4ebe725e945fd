import { firstOf } from './first-of.ts';
import type { GatheredRuns } from './gather-runs.ts';

export const UNREADABLE = 'not readable as a run';
export const COPY = 'a copy of another one';
export const REPEATED = 'a run of the same name, seed and density, to three digits, is there';

/** A sentence on what has no place in a figure or a table: the first, and how many more. */
export function leftOut(paths: readonly string[], why: string): string[] {
  return paths.length === 0 ? [] : [`Left out, because ${why}: ${firstOf(paths)}.`];
}

/** What is there beside the finished runs. */
export const besideFinished = ({
  unfinished,
  foreign,
}: Pick<GatheredRuns, 'unfinished' | 'foreign'>) => [
  ...leftOut(
    unfinished.map(({ folder }) => folder.path),
    'not finished',
  ),
  ...leftOut(foreign, UNREADABLE),
];
