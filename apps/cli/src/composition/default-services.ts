import { fileURLToPath } from 'node:url';
import { openDataset } from '@winnow/experiments';
import { systemClock } from '@winnow/plugin-api';
import { processExecutor } from '@winnow/studies';
import { processConsole } from '../terminal/console.ts';
import { processInterruption } from '../terminal/interruption.ts';
import { RunProgressBar } from '../terminal/run-progress-bar.ts';
import type { Services } from './services.ts';

const ENTRY = fileURLToPath(new URL('../../bin/winnow.js', import.meta.url));

/** The services given, and this process's own for the others. */
export function withDefaults(given: Partial<Services>): Services {
  const { console = processConsole, clock = systemClock } = given;
  return {
    console,
    clock,
    interruption: processInterruption(console, clock),
    openDataset,
    execute: processExecutor(ENTRY),
    observers: [new RunProgressBar(console.notes, clock)],
    ...given,
  };
}
