import { Presets, SingleBar } from 'cli-progress';

/** One line of progress on standard error, with a note; where that is no terminal, a line every 20 s. */
export function plainBar(title: string, quiet: boolean): SingleBar {
  return new SingleBar(
    {
      format: `${title} {bar} {percentage}%  {note}`,
      hideCursor: true,
      noTTYOutput: !quiet,
      notTTYSchedule: 20_000,
      stream: process.stderr,
    },
    Presets.shades_classic,
  );
}
