import type { OpenDataset } from '@winnow/experiments';
import type { Clock, RunObserver } from '@winnow/plugin-api';
import type { Executor } from '@winnow/studies';
import type { Console } from '../terminal/console.ts';
import type { Interruption } from '../terminal/interruption.ts';

/** What the program reaches the world by: its ports. */
export interface Services {
  readonly console: Console;
  readonly clock: Clock;
  readonly interruption: Interruption;
  /** For runs that are begun or gone on with. */
  readonly openDataset: OpenDataset;
  /** Carries out many runs; in processes of their own, unless told otherwise. */
  readonly execute: Executor;
  /** These watch every run; a line of progress on the console, unless told otherwise. */
  readonly observers: readonly RunObserver[];
}
