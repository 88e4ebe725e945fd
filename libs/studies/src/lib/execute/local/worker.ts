import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutorSetting, JobEnd, RunEvent, RunJob } from '@winnow/plugin-api';
import { failedJob, jobOutcome, logTail } from '../job-outcome.ts';

/** In its environment: it carries out one list of words after another, as they are sent to it. */
const WORKER = 'WINNOW_WORKER';

/** Of what a worker writes to standard error, all before it is of one job, and all after it of the next. */
export const END_OF_JOB = '\x04';

/** What a worker says when it has carried out what it was told. */
export interface WorkerReply {
  readonly type: 'over';
  readonly status: number;
}

const MINUTE_MS = 60_000;

/** The work on one job. */
interface Errand {
  readonly job: RunJob;
  readonly onEvent: ExecutorSetting['onEvent'];
  readonly resolve: (end: JobEnd) => void;
  text: string;
  /** Whether all has come that it wrote. */
  isWritten: boolean;
  /** Once it was told. */
  status: number | undefined;
  signOfLife: number;
  hung: boolean;
}

/** Where its log cannot be written, what the run does with its folder tells why, or nothing need. */
function appendToLog({ folder }: RunJob, text: string): void {
  try {
    appendFileSync(join(folder, 'log.txt'), text);
  } catch {
    // The end of it is told with a failure all the same.
  }
}

/**
 * A process that carries out jobs one after another, so that it starts once; what a job writes to standard error goes to
 * `log.txt` in its folder. One that knows of no further words ends after its first.
 */
export class Worker {
  readonly #child: ChildProcess;
  readonly #hangMs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #lookMs: number;
  #lookedAt = performance.now();
  #errand: Errand | undefined;
  #isOver = false;

  /** Starts with the first job's words; a job without a sign of life for so many minutes is ended, with 0 none. */
  constructor(
    program: readonly string[],
    words: readonly string[],
    { threads, hangMinutes }: { readonly threads: number; readonly hangMinutes: number },
  ) {
    const [command, ...args] = [...program, ...words];
    this.#hangMs = hangMinutes === 0 ? Infinity : hangMinutes * MINUTE_MS;
    this.#child = spawn(command!, args, {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // A group of its own, so that Ctrl-C reaches it once, through this process, and not twice.
      detached: true,
      env: { WINNOW_THREADS: String(threads), ...process.env, [WORKER]: '1' },
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => this.#write(text));
    this.#child.on('message', (message) => this.#hear(message as RunEvent | WorkerReply));
    this.#child.on('error', (error) => this.#end(failedJob(error.message, [])));
    this.#child.on('close', (status, signal) => {
      this.#isOver = true;
      clearInterval(this.#timer);
      this.#end(this.#outcome(status, signal));
    });
    this.#lookMs = Math.min(MINUTE_MS, this.#hangMs / 4);
    this.#timer = setInterval(() => this.#look(), this.#lookMs);
    this.#timer.unref();
  }

  /** Whether its process has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Waits for what comes of the job that it was started for, or of one whose words are sent to it now. */
  carryOut(
    job: RunJob,
    onEvent: ExecutorSetting['onEvent'],
    words?: readonly string[],
  ): Promise<JobEnd> {
    return new Promise((resolve) => {
      const known = { text: '', isWritten: false, status: undefined, hung: false };
      this.#errand = { job, onEvent, resolve, ...known, signOfLife: performance.now() };
      // One that has ended meanwhile tells so itself.
      if (words) this.#child.send({ words }, () => {});
    });
  }

  /** Has it save its state and end. */
  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  /** No more words come. */
  dismiss(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  #hear(message: RunEvent | WorkerReply): void {
    const errand = this.#errand;
    if (!errand) return;
    errand.signOfLife = performance.now();
    if (message.type !== 'over') return errand.onEvent(errand.job, message);
    errand.status = message.status;
    this.#endOnceAllHasCome(errand);
  }

  #write(text: string): void {
    const errand = this.#errand;
    if (!errand) return;
    errand.signOfLife = performance.now();
    const own = text.replaceAll(END_OF_JOB, '');
    errand.text = (errand.text + own).slice(-1e5);
    if (own !== '') appendToLog(errand.job, own);
    if (text.includes(END_OF_JOB)) errand.isWritten = true;
    this.#endOnceAllHasCome(errand);
  }

  /** What it tells and what it writes come by two ways. */
  #endOnceAllHasCome({ status, isWritten }: Errand): void {
    if (status !== undefined && isWritten) this.#end(this.#outcome(status, null));
  }

  #look(): void {
    const errand = this.#errand;
    const now = performance.now();
    const late = now - this.#lookedAt - this.#lookMs;
    this.#lookedAt = now;
    // It was this process that stood still, by Ctrl-Z say: what has come meanwhile is yet to be read.
    if (errand && late > this.#lookMs) errand.signOfLife = now;
    if (!errand || now - errand.signOfLife < this.#hangMs) return;
    errand.hung = true;
    this.#child.kill('SIGKILL');
  }

  #outcome(status: number | null, signal: NodeJS.Signals | null): JobEnd {
    const { text = '', hung = false } = this.#errand ?? {};
    const log = logTail(text);
    if (!hung) return jobOutcome(status, signal, log);
    const minutes = this.#hangMs / MINUTE_MS;
    return failedJob(`it gave no sign of life for ${minutes} minutes, and was ended`, log);
  }

  #end(end: JobEnd): void {
    const errand = this.#errand;
    this.#errand = undefined;
    errand?.resolve(end);
  }
}
