import type { OpenDataset, Watcher } from '@winnow/experiments';
import type { Clock, Component, ComponentRegistry } from '@winnow/plugin-api';
import type { ServiceIdentifier } from 'inversify';
import type { Console } from '../terminal/console.ts';
import type { Interruption } from '../terminal/interruption.ts';
import type { RunProgressBar } from '../terminal/run-progress-bar.ts';
import type { BackendRecords } from '../backends/backend-records.ts';
import type { ProbeBackend } from '../backends/probe.ts';
import type { RecordedRun } from './load-plugins.ts';
import type { Runner } from './runner.ts';
import type { Study } from './study.ts';

function token<T>(name: string): ServiceIdentifier<T> {
  return Symbol.for(`@winnow/cli/${name}`);
}

/** Each thing that is built in or that a plugin brings. */
export const COMPONENT = token<Component>('component');
/** All of them by name. */
export const REGISTRY = token<ComponentRegistry>('registry');
/** The runs that a command was given, whose plugins are loaded. */
export const RUNS = token<readonly RecordedRun[]>('runs');
/** Files of the plugins that were named, for other processes; `none` where these are to load none at all. */
export const PLUGIN_FILES = token<readonly string[] | 'none'>('plugin-files');
/** Each of those that watch every run. */
export const WATCHER = token<Watcher>('watcher');
/** A line of progress on one run; nothing where none is shown. */
export const BAR = token<RunProgressBar | undefined>('bar');
/** Does work on many runs. */
export const STUDY = token<Study>('study');
export const CONSOLE = token<Console>('console');
export const CLOCK = token<Clock>('clock');
export const INTERRUPTION = token<Interruption>('interruption');
export const OPEN_DATASET = token<OpenDataset>('open-dataset');
export const RUNNER = token<Runner>('runner');
/** What this machine keeps of backends. */
export const RECORDS = token<BackendRecords>('records');
/** Names of the backends that `auto` does not take as they were not measured. */
export const UNMEASURED = token<readonly string[]>('unmeasured');
export const PROBE = token<ProbeBackend>('probe');
