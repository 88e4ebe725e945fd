import type { OpenDataset, Watcher } from '@winnow/experiments';
import type { Clock } from '@winnow/plugin-api';
import type { Execute } from '@winnow/studies';
import type { BackendRecords } from '../backends/backend-records.ts';
import type { ProbeBackend } from '../backends/probe.ts';
import type { Console } from '../terminal/console.ts';
import type { Interruption } from '../terminal/interruption.ts';

/** What the program reaches the world by; every one can be another's. */
export interface Services {
  readonly console: Console;
  /** Whether a line of progress is shown among the notes; not where somebody else tells of it. */
  readonly progress: boolean;
  readonly clock: Clock;
  readonly interruption: Interruption;
  readonly openDataset: OpenDataset;
  /** Carries out many runs; in processes of their own, unless told otherwise. */
  readonly execute: Execute;
  /** What was measured of backends, by which `auto` chooses. */
  readonly records: BackendRecords;
  /** Tries a backend; in a process of its own, unless told otherwise. */
  readonly probe: ProbeBackend;
  /** These watch every run, each by an observer of its own, whoever carries it out. */
  readonly watchers: readonly Watcher[];
}
