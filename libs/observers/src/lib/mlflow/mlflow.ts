import { type ObserverDescriptor, type RunEnding, defineObserver } from '@winnow/plugin-api';
import * as z from 'zod';
import { type Scalar, scalarsOf, scalarsOfStep } from '../scalars.ts';
import { assertFolder } from '../run-place.ts';
import { distinctKeys } from './distinct-keys.ts';
import { Outbox } from './outbox.ts';
import { type Metric, type TrackedRun, endRun, logMetrics, openRun } from './tracked-run.ts';
import { type Environment, Refusal, TrackingServer } from './tracking-server.ts';

/** What MLflow takes at a time. */
const BATCH = 1000;

/** How much a server may cost. */
const LIMITS = {
  /** Numbers that wait for it. */
  most: 100_000,
  /** How long to gather them before few are sent. */
  gatherMs: 1000,
  requestMs: 10_000,
  waitsMs: [500, 1000, 2000, 4000],
  /** How long the end of a run waits for it. */
  closeMs: 20_000,
};

const STATUS = { finished: 'FINISHED', interrupted: 'KILLED', failed: 'FAILED' } as const;

/** What is outside of the run. */
interface World {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly environment: Environment;
}

export function mlflowBy({ now, environment }: World, limits = LIMITS): ObserverDescriptor {
  return defineObserver({
    name: 'mlflow',
    summary: 'an MLflow server: parameters, every number by step, how the run ended',
    options: z.strictObject({
      mlflowUri: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe('of the server (default: MLFLOW_TRACKING_URI, or http://127.0.0.1:5000)'),
      mlflowExperiment: z
        .string()
        .min(1)
        .optional()
        .describe('that runs belong to (default: MLFLOW_EXPERIMENT_NAME, or winnow)'),
    }),
    async observe(run, { mlflowUri, mlflowExperiment }) {
      const [over, stop] = [new AbortController(), new AbortController()];
      const { MLFLOW_TRACKING_URI, MLFLOW_EXPERIMENT_NAME } = environment;
      const uri = mlflowUri ?? (MLFLOW_TRACKING_URI || 'http://127.0.0.1:5000');
      const experiment = mlflowExperiment ?? (MLFLOW_EXPERIMENT_NAME || 'winnow');
      const server = new TrackingServer(uri, environment, {
        ...limits,
        over: over.signal,
        stop: stop.signal,
      });
      await assertFolder(run.place, 'mlflow');
      const asUser = (error: unknown): never => {
        if (!(error instanceof Refusal)) throw error;
        throw server.failed(`refused (${error.code}: ${error.message})`, error);
      };
      const keyOf = distinctKeys();
      const metricsOf = (scalars: readonly Scalar[]): Metric[] =>
        scalars.map(({ tag, step, value }) => ({
          ...{ key: keyOf(tag), step, value },
          timestamp: Math.round(now()),
        }));
      const catchUp = async (tracked: TrackedRun) => {
        const noted = metricsOf((await run.noted?.())?.flatMap(scalarsOfStep) ?? []);
        for (let i = 0; i < noted.length; i += BATCH)
          await logMetrics(server, tracked, noted.slice(i, i + BATCH));
        return tracked;
      };
      const opened = openRun(server, run, experiment, now()).then(catchUp).catch(asUser);
      // Whoever sends something meets what it threw.
      opened.catch(() => {});
      const outbox = new Outbox<Metric>(
        async (batch) => logMetrics(server, await opened, batch).catch(asUser),
        { ...limits, batch: BATCH },
      );
      let hasResult = false;
      return {
        on(event) {
          if (event.type === 'result') hasResult = true;
          outbox.add(metricsOf(scalarsOf(event)));
        },
        async close(ending: RunEnding = hasResult ? 'finished' : 'interrupted') {
          over.abort();
          const { closeMs } = limits;
          const tooLate = new Error(`not within ${closeMs / 1000} s of the run's end`);
          const late = setTimeout(() => stop.abort(tooLate), closeMs);
          try {
            await outbox.close();
            const tracked = await opened;
            // What it has of another run since, whose steps were noted and not told.
            if (!outbox.isFull) await catchUp(tracked).catch(asUser);
            await endRun(server, tracked, STATUS[ending], Math.round(now())).catch(asUser);
          } finally {
            clearTimeout(late);
          }
          if (outbox.isFull) throw server.failed('is too slow for so many numbers');
        },
      };
    },
  });
}

export const mlflow = mlflowBy({ now: Date.now, environment: process.env });
