import { Presets, SingleBar } from 'cli-progress';
import type { Output } from './console.ts';

/** One line of progress with a note; where that is no terminal, a line every 20 s. */
export function plainBar(title: string, output: Output): SingleBar {
  return new SingleBar(
    {
      format: `${title} {bar} {percentage}%  {note}`,
      hideCursor: true,
      noTTYOutput: true,
      notTTYSchedule: 20_000,
      stream: output,
    },
    Presets.shades_classic,
  );
}
