import { openDataset } from '@winnow/experiments';
import { systemClock } from '@winnow/plugin-api';
import { local } from '@winnow/studies/executors';
import { recordsHere } from '../backends/backend-records.ts';
import { probeApart } from '../backends/probe-apart.ts';
import { processConsole } from '../terminal/console.ts';
import { processInterruption } from '../terminal/interruption.ts';
import type { Services } from './services.ts';

/** The services given, and this process's own for those that are left out. */
export function withDefaults(given: Partial<Services>): Services {
  const { console = processConsole, clock = systemClock } = given;
  return {
    console,
    clock,
    progress: given.progress ?? true,
    interruption: given.interruption ?? processInterruption(console, clock),
    openDataset: given.openDataset ?? openDataset,
    execute: given.execute ?? local.execute.bind(local),
    records: given.records ?? recordsHere,
    probe: given.probe ?? probeApart,
    watchers: given.watchers ?? [],
  };
}
