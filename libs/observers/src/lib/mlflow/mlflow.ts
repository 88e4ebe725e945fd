import { type ObserverDescriptor, type RunEnding, defineObserver } from '@winnow/plugin-api';
import * as z from 'zod';
import { scalarsOf } from '../scalars.ts';
import { Outbox } from './outbox.ts';
import { type Metric, endRun, keyOf, logMetrics, openRun } from './tracked-run.ts';
import { type Environment, Refusal, TrackingServer } from './tracking-server.ts';

/** MLflow takes 1000 numbers at a time. */
const WAITING = { batch: 1000, most: 100_000, gatherMs: 1000 };
/** How long the end of a run waits for the server. */
const CLOSE_MS = 10_000;

const STATUS = { finished: 'FINISHED', interrupted: 'KILLED', failed: 'FAILED' } as const;

/** What is outside of the run. */
interface World {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly environment: Environment;
}

export function mlflowBy({ now, environment }: World): ObserverDescriptor {
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
    observe(run, { mlflowUri, mlflowExperiment }) {
      const [over, stop] = [new AbortController(), new AbortController()];
      const { MLFLOW_TRACKING_URI, MLFLOW_EXPERIMENT_NAME } = environment;
      const uri = mlflowUri ?? (MLFLOW_TRACKING_URI || 'http://127.0.0.1:5000');
      const experiment = mlflowExperiment ?? (MLFLOW_EXPERIMENT_NAME || 'winnow');
      const server = new TrackingServer(uri, environment, {
        over: over.signal,
        stop: stop.signal,
      });
      const asUser = (error: unknown): never => {
        if (!(error instanceof Refusal)) throw error;
        throw server.failed(`refused (${error.code}: ${error.message})`, error);
      };
      const opened = openRun(server, run, experiment, now()).catch(asUser);
      // Whoever sends something meets what it threw.
      opened.catch(() => {});
      const outbox = new Outbox<Metric>(
        async (batch) => logMetrics(server, await opened, batch).catch(asUser),
        WAITING,
      );
      let hasResult = false;
      return {
        on(event) {
          if (event.type === 'result') hasResult = true;
          const timestamp = Math.round(now());
          outbox.add(
            scalarsOf(event).map(({ tag, step, value }) => ({
              key: keyOf(tag),
              value,
              timestamp,
              step,
            })),
          );
        },
        async close(ending: RunEnding = hasResult ? 'finished' : 'interrupted') {
          over.abort();
          const late = setTimeout(
            () => stop.abort(new Error(`not within ${CLOSE_MS / 1000} s of the run's end`)),
            CLOSE_MS,
          );
          try {
            await outbox.close();
            await endRun(server, await opened, STATUS[ending], Math.round(now())).catch(asUser);
          } finally {
            clearTimeout(late);
          }
          if (outbox.lost > 0) throw server.failed(`was too slow for ${outbox.lost} numbers`);
        },
      };
    },
  });
}

export const mlflow = mlflowBy({ now: Date.now, environment: process.env });
