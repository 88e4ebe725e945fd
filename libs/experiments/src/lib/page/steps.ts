import {
  type PageBlock,
  type PageSection,
  curvesPicture,
  groupBy,
  hasCurves,
  lastValues,
} from '@winnow/report';
import type { MetricsRow } from '../metrics-log.ts';

/** Every step's numbers, as curves and where they ended; nothing where steps are not kept. */
export function stepsSection(metrics: readonly MetricsRow[]): PageSection[] {
  if (metrics.length === 0) return [];
  const phases = groupBy(metrics, ({ phase }) => phase);
  const told = [...phases].map(([phase, rows]) => `${phase} ${rows.length}`);
  const chart: PageBlock[] = hasCurves(metrics)
    ? [
        {
          kind: 'chart',
          label: `Curves of every step's numbers by phase: ${[...phases.keys()].join(', ')}. Where they ended stands in the table below.`,
          draw: (look) => curvesPicture({ title: 'Every step', rows: metrics }, look),
        },
      ]
    : [];
  return [
    {
      heading: 'On the way',
      blocks: [
        `Steps with numbers: ${told.join(', ')}. The last value follows the arrow.`,
        ...chart,
        {
          kind: 'table',
          caption: 'First and last value of each phase',
          columns: ['phase', 'series', 'first', 'last', 'least', 'most'],
          rows: lastValues(metrics),
          folded: true,
        },
      ],
    },
  ];
}
