import { seedCounts } from '@winnow/report';
import type { Figure, Group, Level } from '@winnow/report/figures';

/** What a caption has to say of how a figure was made. */
export function figureCaption({ panels }: Figure, interval: 'bars' | 'band' | 'none'): string {
  const groups = panels.flatMap((panel) => (panel.kind === 'curves' ? [] : panel.groups));
  const levels = panels.flatMap((panel) => (panel.kind === 'curves' ? [] : panel.levels));
  const curves = panels.flatMap((panel) => (panel.kind === 'curves' ? panel.curves : []));
  if (groups.length === 0) {
    const isMean = curves.some(({ seed }) => seed === undefined);
    return isMean ? 'Means; thin lines are single seeds.' : 'Lines are single seeds.';
  }
  const counts = [...groups, ...levels]
    .map(({ samples }) => samples.length)
    .filter((count) => count > 0);
  if (Math.max(...counts) === 1) return 'Of 1 seed.';
  const hasInterval = (of: readonly (Group | Level)[]) => of.some((own) => own.interval !== null);
  const shapes = new Set([
    ...(hasInterval(groups) ? [interval === 'bars' ? 'bars' : 'bands'] : []),
    ...(hasInterval(levels) ? ['bands'] : []),
  ]);
  const told =
    interval === 'none'
      ? ''
      : `; ${[...shapes].join(' and ')} are 95 % intervals of the mean (Student’s t)`;
  return `Means of ${seedCounts(counts)}; small circles are single seeds${told}.`;
}
