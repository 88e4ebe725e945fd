import type { RunResult } from '@winnow/experiments';
import { fixed, minutesText } from '@winnow/report';

/** Something that a finished run was measured to be. */
export interface Figure {
  /** Its place in `result.json`; `keptDensity` alone is drawn from two others there. */
  readonly name: string;
  /** Over a table for people, with the unit in which `show` gives it. */
  readonly heading: string;
  readonly show: (value: number) => string;
}

const percent = (fraction: number) => fixed(100 * fraction, 2);
const mebibytes = (bytes: number) => fixed(bytes / 2 ** 20, 0);
const fourDigits = (value: number) =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));

const PHASES = ['pretrain', 'search', 'train', 'evaluate'];

/** All that is known, in the order of its columns. */
export const FIGURES: readonly Figure[] = [
  { name: 'testAccuracy', heading: 'test accuracy (%)', show: percent },
  { name: 'testLoss', heading: 'test loss', show: fourDigits },
  { name: 'validationAccuracy', heading: 'validation accuracy (%)', show: percent },
  { name: 'validationLoss', heading: 'validation loss', show: fourDigits },
  { name: 'accuracyBeforeTraining', heading: 'accuracy before training (%)', show: percent },
  { name: 'kept', heading: 'weights', show: fourDigits },
  { name: 'size', heading: 'of weights', show: fourDigits },
  { name: 'keptDensity', heading: 'density kept', show: fourDigits },
  ...PHASES.map((phase) => ({
    name: `minutes.${phase}`,
    heading: `${phase} (min)`,
    show: minutesText,
  })),
  { name: 'multiplyAdds.dense', heading: 'multiply-adds, dense', show: fourDigits },
  { name: 'multiplyAdds.kept', heading: 'multiply-adds, kept', show: fourDigits },
  ...PHASES.map((phase) => ({
    name: `multiplyAddsSpent.${phase}`,
    heading: `multiply-adds of ${phase}`,
    show: fourDigits,
  })),
  { name: 'peakMemoryBytes', heading: 'peak memory (MiB)', show: mebibytes },
  { name: 'peakDeviceBytes', heading: 'peak on the device (MiB)', show: mebibytes },
];

function valueAt(result: RunResult, name: string): unknown {
  if (name === 'keptDensity') return result.kept / result.size;
  return name
    .split('.')
    .reduce<unknown>(
      (part, key) => (part as Readonly<Record<string, unknown>> | undefined)?.[key],
      result,
    );
}

/** What a result says, by name; results of earlier versions say less. */
export function runFigures(result: RunResult): ReadonlyMap<string, number> {
  const known = FIGURES.map(({ name }) => [name, valueAt(result, name)] as const);
  return new Map(known.filter((entry): entry is [string, number] => Number.isFinite(entry[1])));
}

/** What a round on the way to a ticket of fewer weights reached. */
export const roundFigures = (validationAccuracy: number, kept: number, keptDensity: number) =>
  new Map(Object.entries({ validationAccuracy, kept, keptDensity }));
