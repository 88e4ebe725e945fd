import { join } from 'node:path';
import { type RunFolder, type RunResult, type SearchResult, tellRoads } from '@winnow/experiments';
import { mebibytesText, minutesText, percentOf, savings, shortCount } from '@winnow/report';

function costs({ minutes, multiplyAddsSpent, backend }: SearchResult): string[] {
  const times = Object.entries(minutes).map(([phase, m]) => `${phase} ${minutesText(m)}`);
  const counts = Object.entries(multiplyAddsSpent)
    // A ticket that cuts the network through leaves nothing to compute.
    .filter(([phase, n]) => n > 0 || (phase === 'train' && phase in minutes))
    .map(([phase, n]) => `${phase} ${shortCount(n).trim()}`);
  return [
    `minutes: ${times.join(', ')}; backend ${backend}`,
    ...(counts.length > 0 ? [`multiply-adds spent: ${counts.join(', ')}`] : []),
  ];
}

/** What memory a run on a device has taken; nothing of another one. */
export function memoryLines({
  peakMemoryBytes,
  peakDeviceBytes,
}: Pick<RunResult, 'peakMemoryBytes' | 'peakDeviceBytes'>): string[] {
  if (peakMemoryBytes === undefined || peakDeviceBytes === undefined) return [];
  return [
    `most memory: process ${mebibytesText(peakMemoryBytes)}, tensors on the device ${mebibytesText(peakDeviceBytes)}`,
  ];
}

/** What is told of a run that has its ticket. */
export function searchLines(found: SearchResult, folder: RunFolder): string[] {
  const { kept, size } = found;
  return [
    `${kept.toLocaleString('en')} of ${size.toLocaleString('en')} weights kept (${percentOf(kept, size)})`,
    ...costs(found),
    folder.ticket,
  ];
}

/** What is told of a finished run. */
export function resultLines(result: RunResult, folder: RunFolder): string[] {
  const percent = (fraction: number) => `${(100 * fraction).toFixed(2)} %`;
  return [
    `test accuracy ${percent(result.testAccuracy)} (validation ${percent(result.validationAccuracy)}, before training ${percent(result.accuracyBeforeTraining)})`,
    ...savings(result),
    ...(result.roads ? tellRoads(result.roads) : []),
    ...costs(result),
    ...memoryLines(result),
    join(folder.path, 'report.html'),
  ];
}
