import type { FinishedRun } from './gather-runs.ts';

/**
 * The accuracy of guessing, as a fraction; none where data sets of one name, such as folders of images, differ in their
 * number of classes.
 */
export function chanceOf(runs: readonly Pick<FinishedRun, 'config'>[]): number | undefined {
  const [classes, ...others] = new Set(runs.map(({ config }) => config.classes));
  return classes === undefined || others.length > 0 ? undefined : 1 / classes;
}
