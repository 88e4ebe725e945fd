import { join } from 'node:path';
import {
  type RunConfig,
  type RunFolder,
  type RunResult,
  type RunSetting,
  type SearchResult,
  runExperiment,
  runSearch,
} from '@winnow/experiments';
import type { RunObserver } from '@winnow/plugin-api';
import { writeJson } from './command-context.ts';
import { interruption } from './interruption.ts';
import type { RunErrand } from './run-errand.ts';
import { RunProgressBar } from './run-progress-bar.ts';
import { writeRunReport } from './run-report.ts';
import { percentOf, savings, shortCount } from './savings.ts';

/** Tells the process that started this one, over the channel between them. */
const PARENT: RunObserver = {
  on: (event) => void process.send?.(event, undefined, undefined, () => {}),
};

/** Does what is left of a run, up to its ticket or its end, with progress, and tells what came out. */
export async function carryOutRun(
  config: RunConfig,
  folder: RunFolder,
  { registry, dataset }: Pick<RunSetting, 'registry' | 'dataset'>,
  { until, checkpointSeconds, json }: RunErrand,
): Promise<void> {
  // Nobody looks at a bar of a process that was started with a channel.
  const observer = process.send ? PARENT : new RunProgressBar();
  const setting = { registry, dataset, signal: interruption(), observer, checkpointSeconds };
  const finished = (await folder.readResult()) !== undefined;
  try {
    if (until === 'ticket') {
      const found = await runSearch(config, folder, setting);
      if (json) writeJson({ ...found, folder: folder.path });
      else printSearch(found, folder);
      return;
    }
    const result = await runExperiment(config, folder, setting);
    await writeRunReport(folder, result);
    if (json) writeJson({ ...result, folder: folder.path });
    else {
      if (finished) print('finished before; nothing was computed now');
      printResult(result, folder);
    }
  } finally {
    if (process.connected) process.disconnect();
  }
}

function costs({ minutes, multiplyAddsSpent, backend }: SearchResult): string[] {
  const times = Object.entries(minutes).map(([phase, m]) => `${phase} ${m.toFixed(1)}`);
  const counts = Object.entries(multiplyAddsSpent)
    .filter(([, n]) => n > 0)
    .map(([phase, n]) => `${phase} ${shortCount(n)}`);
  return [
    `minutes: ${times.join(', ')}; backend ${backend}`,
    ...(counts.length > 0 ? [`multiply-adds spent: ${counts.join(', ')}`] : []),
  ];
}

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

function printSearch(found: SearchResult, folder: RunFolder): void {
  const { kept, size } = found;
  print(
    `${kept.toLocaleString('en')} of ${size.toLocaleString('en')} weights kept (${percentOf(kept, size)})`,
    ...costs(found),
    folder.ticket,
  );
}

function printResult(result: RunResult, folder: RunFolder): void {
  const percent = (fraction: number) => `${(100 * fraction).toFixed(2)} %`;
  print(
    `test accuracy ${percent(result.testAccuracy)} (validation ${percent(result.validationAccuracy)}, before training ${percent(result.accuracyBeforeTraining)})`,
    ...savings(result),
    ...costs(result),
    join(folder.path, 'report.html'),
  );
}
