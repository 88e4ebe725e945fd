import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { WinnowError, interrupted } from '@winnow/plugin-api';

export interface Job {
  readonly name: string;
  /** A JavaScript file and its arguments; it prints one line of JSON and may send progress over its channel. */
  readonly command: readonly string[];
}

export interface JobOutcome {
  readonly job: Job;
  readonly output: unknown;
}

const INTERRUPTED_STATUS = 130;

interface Started {
  readonly done: Promise<unknown>;
  readonly interrupt: () => void;
}

function start(job: Job, threads: number, onMessage: (message: unknown) => void): Started {
  const child = spawn(process.execPath, job.command, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own, so that Ctrl-C reaches it once, through this process, and not twice.
    detached: true,
    env: { WINNOW_THREADS: String(threads), ...process.env },
  });
  let out = '';
  let errors = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.on('message', onMessage);
  const done = new Promise<unknown>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) {
        try {
          resolve(JSON.parse(out));
        } catch (cause) {
          const message = `Run "${job.name}" printed something other than its result.`;
          reject(new WinnowError('JOB_FAILED', message, { cause }));
        }
      } else if (status === INTERRUPTED_STATUS) reject(interrupted());
      else {
        const reason = errors.trim().split('\n').at(-1) ?? '';
        reject(
          new WinnowError(
            'JOB_FAILED',
            `Run "${job.name}" failed: ${reason || `status ${status}`}`,
          ),
        );
      }
    });
  });
  return { done, interrupt: () => void child.kill('SIGINT') };
}

/**
 * Runs jobs in processes of their own, `parallel` at a time and in order. The first failure stops the others.
 * Throws JOB_FAILED with the job's own error, or INTERRUPTED once all have saved their state.
 */
export async function runInProcesses(
  jobs: readonly Job[],
  parallel: number,
  signal: AbortSignal,
  onMessage: (job: Job, message: unknown) => void,
): Promise<JobOutcome[]> {
  // What the processes share, unless WINNOW_THREADS says otherwise.
  const threads = Math.max(1, Math.floor(availableParallelism() / parallel));
  const running = new Set<Started>();
  const outcomes: JobOutcome[] = [];
  const waiting = [...jobs.entries()];
  let failure: { readonly error: unknown } | undefined;
  const stopAll = () => {
    for (const { interrupt } of running) interrupt();
  };
  signal.addEventListener('abort', stopAll);
  const worker = async () => {
    for (let next = waiting.shift(); next && !failure && !signal.aborted; next = waiting.shift()) {
      const [i, job] = next;
      const started = start(job, threads, (message) => onMessage(job, message));
      running.add(started);
      try {
        outcomes[i] = { job, output: await started.done };
      } catch (error) {
        failure ??= { error };
        stopAll();
      } finally {
        running.delete(started);
      }
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  signal.removeEventListener('abort', stopAll);
  if (signal.aborted) throw interrupted();
  if (failure) throw failure.error;
  return outcomes;
}
