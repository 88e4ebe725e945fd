import { type BenchResult, tellRoad } from '@winnow/experiments';
import type { KernelTime, ProgramLayer } from '@winnow/tensor-backend';
import { percentOf } from '@winnow/report/look';
import { terminalTable } from './terminal-table.ts';

/** Totals and shares are of one step. */
function profileTable(profile: readonly KernelTime[]): string {
  const total = profile.reduce((sum, { ms }) => sum + ms, 0);
  const rows = profile.map(({ op, calls, ms }) => [
    op,
    calls,
    ms.toFixed(2),
    `${((100 * ms) / total).toFixed(1)} %`,
  ]);
  return terminalTable({ columns: ['op', 'calls', 'ms', 'share'], rows }, { compact: true });
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

const ROADS = { dense: 'dense', kept: 'by its kept weights' } as const;

function layerTable(layers: readonly ProgramLayer[]): string {
  const rows = layers.map(({ name, road, kept, of }) => [
    name,
    kept.toLocaleString('en'),
    of.toLocaleString('en'),
    percentOf(kept, of),
    ROADS[road],
  ]);
  const columns = ['layer', 'kept', 'of', 'density', 'computed'];
  const align = ['left', 'right', 'right', 'right', 'left'] as const;
  return terminalTable({ columns, rows }, { align, compact: true });
}

/** What is told of steps that were timed. */
export function benchLines({ profile, layers, ticket, ...facts }: BenchResult): string[] {
  const masked = ticket || facts.mode === 'masked' || facts.mode === 'cts';
  const size = `${facts.imageSize}×${facts.imageSize}`;
  const lines = [
    [
      'step',
      `${[facts.mode, facts.objective].filter(Boolean).join(' on ')}, ${facts.model}, ${facts.batch} images of ${size}`,
    ],
    ...(ticket
      ? [
          [
            'ticket',
            `${ticket.file}, ${ticket.kept.toLocaleString('en')} of ${ticket.size.toLocaleString('en')} weights kept`,
          ],
        ]
      : []),
    ...(masked ? [['density', `${facts.density}`]] : []),
    [
      'backend',
      [facts.backend, counted(facts.threads, 'thread'), facts.instructions ?? []].flat().join(', '),
    ],
    ['road', tellRoad(facts.road)],
    ['median', `${facts.medianMs} ms of ${counted(facts.steps, 'step')}`],
    ['images', `${facts.imagesPerSecond} a second`],
    ['computed', `${facts.gmacs} billion multiply-adds a second`],
    ['peak memory', `${facts.peakRssMiB} MiB`],
  ] as const;
  return [
    ...lines.map(([name, value]) => `${name.padEnd(15)} ${value}`),
    ...(profile ? ['A step, op by op:', profileTable(profile)] : []),
    ...(layers ? ['The program, layer by layer:', layerTable(layers)] : []),
  ];
}
