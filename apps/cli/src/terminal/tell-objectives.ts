import type { ObjectivesOnOneBatch } from '@winnow/experiments';

/** What is told of objectives on one batch. */
export function objectiveLines({
  values,
  skipped,
  batch,
  density,
}: ObjectivesOnOneBatch): string[] {
  return [
    `${batch} images, density ${density.toPrecision(4)}`,
    ...Object.entries(values).map(
      ([name, value]) => `${name.padEnd(16)} ${value?.toPrecision(6) ?? 'not finite'}`,
    ),
    ...skipped.map(({ objective, reason }) => `${objective.padEnd(16)} left out: ${reason}`),
  ];
}
