import type { Prediction } from '@winnow/experiments';
import { oneLine } from './one-line.ts';

/** What an image is taken for: "seven.png: 7 (98.1 %), 1 (1.2 %)". */
export function predictionLine({ image, classes }: Prediction): string {
  const told = classes.map(
    ({ label, name, probability }) => `${name ?? label} (${(100 * probability).toFixed(1)} %)`,
  );
  return oneLine(`${image}: ${told.join(', ')}`);
}
