import type { BenchResult } from '@winnow/experiments';
import type { KernelTime } from '@winnow/tensor-backend';
import Table from 'cli-table3';

/** Totals and shares are of one step. */
function profileTable(profile: readonly KernelTime[]): string {
  const total = profile.reduce((sum, { ms }) => sum + ms, 0);
  const table = new Table({
    head: ['op', 'calls', 'ms', 'share'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right'],
  });
  for (const { op, calls, ms } of profile) {
    table.push([op, calls, ms.toFixed(2), `${((100 * ms) / total).toFixed(1)} %`]);
  }
  return table.toString();
}

/** What is told of steps that were timed. */
export function benchLines({ profile, ...facts }: BenchResult): string[] {
  const masked = facts.mode === 'masked' || facts.mode === 'cts';
  const size = `${facts.imageSize}×${facts.imageSize}`;
  const lines = [
    [
      'step',
      `${[facts.mode, facts.objective].filter(Boolean).join(' on ')}, ${facts.model}, ${facts.batch} images of ${size}`,
    ],
    ...(masked ? [['density', `${facts.density}`]] : []),
    ['backend', `${facts.backend}, ${facts.threads} ${facts.threads === 1 ? 'thread' : 'threads'}`],
    ['median', `${facts.medianMs} ms of ${facts.steps} steps`],
    ['images', `${facts.imagesPerSecond} a second`],
    ['computed', `${facts.gmacs} billion multiply-adds a second`],
    ['peak memory', `${facts.peakRssMiB} MiB`],
  ] as const;
  return [
    ...lines.map(([name, value]) => `${name.padEnd(15)} ${value}`),
    ...(profile ? ['A step, op by op:', profileTable(profile)] : []),
  ];
}
