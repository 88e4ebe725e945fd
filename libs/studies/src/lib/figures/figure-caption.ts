import { seedCounts } from '@winnow/report';
import type { Figure } from '@winnow/report/figures';

/** What a caption has to say of how a figure was made. */
export function figureCaption({ panels }: Figure, interval: 'bars' | 'band' | 'none'): string {
  const groups = panels.flatMap((panel) => (panel.kind === 'curves' ? [] : panel.groups));
  const curves = panels.flatMap((panel) => (panel.kind === 'curves' ? panel.curves : []));
  if (groups.length === 0) {
    const isMean = curves.some(({ seed }) => seed === undefined);
    return isMean ? 'Means; thin lines are single seeds.' : 'Lines are single seeds.';
  }
  const counts = groups.map(({ samples }) => samples.length);
  if (Math.max(...counts) === 1) return 'Of 1 seed.';
  const told =
    interval === 'none'
      ? ''
      : `; ${interval === 'bars' ? 'bars' : 'bands'} are 95 % intervals of the mean (Student’s t)`;
  return `Means of ${seedCounts(counts)}; small circles are single seeds${told}.`;
}
