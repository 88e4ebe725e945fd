import type { GivenOptions } from '@winnow/plugin-api';
import type { ReadyRun, Runner } from '../composition/runner.ts';
import type { ErrandFlags } from '../flags/run-errand.ts';
import { type Console, note, print, printJson } from '../terminal/console.ts';
import type { RunProgressBar } from '../terminal/run-progress-bar.ts';
import { resultLines, searchLines } from '../terminal/tell-run.ts';

/** What a run is carried out with. */
export interface CarryOut {
  readonly runner: Runner;
  readonly console: Console;
  /** Nothing where no progress is shown. */
  readonly bar: RunProgressBar | undefined;
  /** See `RunErrand`. */
  readonly backend?: string | undefined;
}

/** Does what is left of a run, up to its ticket or its end, and tells what came out. */
export async function carryOut(
  run: ReadyRun,
  { until, json, checkpointSeconds, observe = [] }: ErrandFlags,
  observerOptions: GivenOptions,
  { runner, console, bar, backend }: CarryOut,
): Promise<void> {
  const { folder } = run;
  const watcher = bar && (() => bar);
  const errand = { checkpointSeconds, observe, observerOptions, watcher, backend };
  if (until === 'start') {
    await runner.start(run, errand);
    if (json) return printJson(console, { start: folder.start, folder: folder.path });
    return print(console, `start point: ${folder.start}`);
  }
  if (until === 'ticket') {
    const isThere = await folder.has('ticket');
    const found = await runner.search(run, errand);
    if (json) return printJson(console, { ...found, folder: folder.path });
    if (isThere) print(console, 'found before; nothing was computed now');
    return print(console, ...searchLines(found, folder));
  }
  const finished = (await folder.readResult()) !== undefined;
  const result = await runner.run(run, errand);
  if (json) return printJson(console, { ...result, folder: folder.path });
  if (finished) {
    print(console, 'finished before; nothing was computed now');
    for (const told of result.notes ?? []) note(console, told);
  }
  print(console, ...resultLines(result, folder));
}
