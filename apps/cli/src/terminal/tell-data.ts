import type { DataCheck } from '@winnow/datasets';
import { WinnowError } from '@winnow/plugin-api';
import { peakMemoryMiB } from './peak-memory.ts';
import { terminalTable } from './terminal-table.ts';

/** A table of more classes than this says little. */
const MOST_CLASSES = 50;

/** What is told of data that were checked, whose data set is called `name`. */
export function dataFacts(name: string, { images, seconds, checksummedFiles = 0 }: DataCheck) {
  const imagesPerSecond = Math.round(images / seconds);
  const peak = peakMemoryMiB();
  return { dataset: name, images, checksummedFiles, imagesPerSecond, peakMemoryMiB: peak };
}

/** The same in lines, with a table of classes. */
export function dataLines(name: string, check: DataCheck): string[] {
  const { classes, problems, checksummedFiles } = check;
  const { images, imagesPerSecond, peakMemoryMiB: peak } = dataFacts(name, check);
  const columns = ['class', 'train', 'validation', 'test'];
  const shown = classes.slice(0, MOST_CLASSES);
  const rows = shown.map((counted) => [counted.name, ...counted.images]);
  const more = classes.length - shown.length;
  const sums =
    checksummedFiles === undefined
      ? 'no SHA256SUMS'
      : `${checksummedFiles} files compared with SHA256SUMS`;
  return [
    terminalTable({ columns, rows }, { compact: true }),
    ...(more > 0 ? [`… and ${more} classes more`] : []),
    ...problems,
    `${name}: ${images} images, ${imagesPerSecond} a second, peak memory ${peak} MiB; ${sums}`,
  ];
}

/** BAD_DATA, with the first problems. */
export function badData(place: string, problems: readonly string[]): WinnowError {
  const shown = problems.slice(0, 3).map((problem) => problem.replace(/\.$/, ''));
  const count = `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`;
  const told = `${shown.join('; ')}${problems.length > 3 ? '; …' : '.'}`;
  return new WinnowError('BAD_DATA', `${place} has ${count}: ${told}`, {
    hint: 'Restore or remove the files.',
  });
}
