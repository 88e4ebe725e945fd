import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { type RunEvent, interrupted } from '@winnow/plugin-api';
import { type Executor, type ManyRunsErrand, jobFailed } from './executor.ts';
import type { NamedRun } from './named-run.ts';

const INTERRUPTED_STATUS = 130;

interface Started {
  readonly done: Promise<void>;
  readonly interrupt: () => void;
}

/** Of what a process wrote, the error that it ended with; notes may stand beside it. */
function errorIn(text: string): string | undefined {
  const lines = text.trim().split('\n');
  return lines.findLast((line) => line.startsWith('error ')) ?? (lines.at(-1) || undefined);
}

function start(
  run: NamedRun,
  command: readonly string[],
  threads: number,
  onEvent: (event: RunEvent) => void,
): Started {
  const child = spawn(process.execPath, command, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // A group of its own, so that Ctrl-C reaches it once, through this process, and not twice.
    detached: true,
    env: { WINNOW_THREADS: String(threads), ...process.env },
  });
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.on('message', (message) => onEvent(message as RunEvent));
  const done = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (status === 0) return resolve();
      if (status === INTERRUPTED_STATUS) return reject(interrupted());
      if (signal !== null) return reject(jobFailed(run, `it was ended by ${signal}.`));
      reject(jobFailed(run, errorIn(errors) ?? `status ${status}`));
    });
  });
  return { done, interrupt: () => void child.kill('SIGINT') };
}

/** What a process is told to do; the settings of a winnow.yaml are for what a user types, not for what that starts. */
function commandOf(
  { folder }: NamedRun,
  entry: string,
  { until, plugins }: ManyRunsErrand,
): string[] {
  const named =
    plugins === 'none' ? ['--no-plugins'] : plugins.flatMap((path) => ['--plugin', path]);
  return [entry, '--no-config', 'resume', folder.path, '--until', until, '--json', ...named];
}

/**
 * Runs in processes of their own, which share the cores unless WINNOW_THREADS says otherwise; `entry` is the program's
 * JavaScript file.
 */
export function processExecutor(entry: string): Executor {
  return async (runs, errand) => {
    const { parallel, signal, onEvent, onDone } = errand;
    const threads = Math.max(1, Math.floor(availableParallelism() / parallel));
    const running = new Set<Started>();
    const waiting = [...runs];
    let failure: { readonly error: unknown } | undefined;
    const stopAll = () => {
      for (const { interrupt } of running) interrupt();
    };
    signal.addEventListener('abort', stopAll);
    const worker = async () => {
      for (let run = waiting.shift(); run && !failure && !signal.aborted; run = waiting.shift()) {
        const own = run;
        const started = start(own, commandOf(own, entry, errand), threads, (event) =>
          onEvent(own, event),
        );
        running.add(started);
        try {
          await started.done;
          onDone(own);
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
  };
}
