import { join } from 'node:path';
import { readIfThere, writeWhole } from '@winnow/files/disk';
import type { ObservedRun } from '@winnow/plugin-api';
import * as z from 'zod';
import { hyperParameters } from '../hyper-parameters.ts';
import { nameOf } from '../run-place.ts';
import { distinctKeys } from './distinct-keys.ts';
import { Refusal, type TrackingServer } from './tracking-server.ts';

/** Of the run's folder: which of MLflow's runs is this one's. */
const FILE = 'mlflow.json';
const MOST_PARAMS = 100;
/** What MLflow takes in the value of a parameter. */
const MOST_CHARACTERS = 6000;

const tracked = z.object({ uri: z.string(), runId: z.string() });

const foundRun = z.object({
  run: z.object({
    info: z.object({
      run_id: z.string(),
      lifecycle_stage: z.string().optional(),
      status: z.string().optional(),
    }),
    data: z.object({
      metrics: z.array(z.object({ key: z.string(), step: z.coerce.number() })).default([]),
      params: z.array(z.object({ key: z.string() })).default([]),
    }),
  }),
});
const createdRun = z.object({ run: z.object({ info: z.object({ run_id: z.string() }) }) });
const createdExperiment = z.object({ experiment_id: z.string() });
const foundExperiment = z.object({ experiment: createdExperiment });
const anything = z.unknown();

/** A run of MLflow that is a run's here. */
export interface TrackedRun {
  readonly id: string;
  /** The last step that it has of a metric, by key. */
  readonly lastSteps: Map<string, number>;
  /** Whether the server says that it has finished, and it got no number since. */
  isFinished: boolean;
}

/** What runs are, by `RunStatus` in MLflow's `service.proto`. */
type Status = 'RUNNING' | 'FINISHED' | 'KILLED' | 'FAILED';

const update = (server: TrackingServer, id: string, status: Status, about: object = {}) =>
  server.ask('POST', 'runs/update', { run_id: id, status, ...about }, anything);

/** What `ask` answers, or undefined where the server knows of no such thing. */
async function unlessAbsent<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: unknown) => {
    if (error instanceof Refusal && error.code === 'RESOURCE_DOES_NOT_EXIST') return undefined;
    throw error;
  });
}

async function experimentId(server: TrackingServer, name: string): Promise<string> {
  const find = () =>
    unlessAbsent(
      server.ask('GET', 'experiments/get-by-name', { experiment_name: name }, foundExperiment),
    );
  const found = await find();
  if (found) return found.experiment.experiment_id;
  try {
    const made = await server.ask('POST', 'experiments/create', { name }, createdExperiment);
    return made.experiment_id;
  } catch (error) {
    // Made by another run meanwhile.
    const other = error instanceof Refusal && (await find());
    if (!other) throw error;
    return other.experiment.experiment_id;
  }
}

/** The id that the folder has of this server, if any. */
async function recordedId(path: string, uri: string): Promise<string | undefined> {
  const bytes = await readIfThere(path);
  try {
    const known = tracked.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return known.uri === uri ? known.runId : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Goes on with the run that the folder says, where the server has it, or begins one, which the folder is told; its
 * parameters are there then. Throws Refusal, TRACKING_FAILED, FILE_NOT_READABLE, FILE_NOT_WRITABLE.
 */
export async function openRun(
  server: TrackingServer,
  { place, config }: ObservedRun,
  experiment: string,
  nowMs: number,
): Promise<TrackedRun> {
  const path = join(place, FILE);
  const recorded = await recordedId(path, server.uri);
  const found =
    recorded === undefined
      ? undefined
      : await unlessAbsent(server.ask('GET', 'runs/get', { run_id: recorded }, foundRun));
  const own = found?.run.info.lifecycle_stage === 'deleted' ? undefined : found?.run;
  const isFinished = own?.info.status === 'FINISHED';
  let id = own?.info.run_id;
  if (id === undefined) {
    const about = {
      experiment_id: await experimentId(server, experiment),
      run_name: nameOf(place),
      start_time: nowMs,
      tags: [{ key: 'mlflow.source.name', value: 'winnow' }],
    };
    id = (await server.ask('POST', 'runs/create', about, createdRun)).run.info.run_id;
    await writeWhole(path, `${JSON.stringify({ uri: server.uri, runId: id }, undefined, 2)}\n`);
  } else if (!isFinished) await update(server, id, 'RUNNING');
  const { metrics = [], params: known = [] } = own?.data ?? {};
  const has = new Set(known.map(({ key }) => key));
  const keyOf = distinctKeys();
  const params = [...hyperParameters(config)]
    .map(([name, value]) => ({ key: keyOf(name), value: String(value).slice(0, MOST_CHARACTERS) }))
    .filter(({ key }) => !has.has(key));
  for (let i = 0; i < params.length; i += MOST_PARAMS) {
    const batch = { run_id: id, params: params.slice(i, i + MOST_PARAMS) };
    await server.ask('POST', 'runs/log-batch', batch, anything);
  }
  return { id, lastSteps: new Map(metrics.map(({ key, step }) => [key, step])), isFinished };
}

/** A number of a run as MLflow takes it. */
export interface Metric {
  readonly key: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly step: number;
}

/** Logs numbers, at most 1000, but for steps that the run has; with others it is under way again. Throws Refusal, TRACKING_FAILED. */
export async function logMetrics(
  server: TrackingServer,
  tracked: TrackedRun,
  metrics: readonly Metric[],
): Promise<void> {
  const { id, lastSteps } = tracked;
  const fresh = metrics.filter(({ key, step }) => step > (lastSteps.get(key) ?? -1));
  if (fresh.length === 0) return;
  if (tracked.isFinished) await update(server, id, 'RUNNING');
  tracked.isFinished = false;
  await server.ask('POST', 'runs/log-batch', { run_id: id, metrics: fresh }, anything);
  for (const { key, step } of fresh) lastSteps.set(key, step);
}

/** Says how the run ended, unless it had finished before. Throws Refusal, TRACKING_FAILED. */
export async function endRun(
  server: TrackingServer,
  { id, isFinished }: TrackedRun,
  status: Exclude<Status, 'RUNNING'>,
  nowMs: number,
): Promise<void> {
  if (isFinished && status === 'FINISHED') return;
  await update(server, id, status, { end_time: nowMs });
}
