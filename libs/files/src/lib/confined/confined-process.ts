import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { limitIn } from './last-words.ts';
import { HEAP, LimitReached, type Limits, limitSentences } from './limits.ts';
import type { Question, Reply } from './serve-confined.ts';

/** After that long without a question the process ends, and its memory with it. */
const IDLE_MS = 10_000;
const STDERR_KEPT = 4096;

/**
 * The compiled module beside one, where its package's sources are being run (as tests do): Node may not be able to run
 * TypeScript in a process of its own.
 */
export function compiledBeside(name: string, url: string): URL {
  const at = url.endsWith('.ts') ? url.lastIndexOf('/src/') : -1;
  return new URL(name, at < 0 ? url : `${url.slice(0, at)}/dist/${url.slice(at + '/src/'.length)}`);
}

/**
 * Parsers that cannot be trusted with a damaged file, in a process of their own: there they can crash, hang or fill the memory,
 * and only their answer is lost. Answers one question after another. It starts with the first one, and again with the next one
 * after it ended; while nothing is asked it keeps nobody from exiting.
 */
export class ConfinedProcess {
  readonly #entry: URL;
  #child: ChildProcess | undefined;
  #stderr = '';
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  /** `entry`: a module that calls `serveConfined`. */
  constructor(entry: URL) {
    this.#entry = entry;
  }

  /**
   * All parts of an answer. Rejects with LimitReached where it took more than it may, otherwise with what the parser threw, or
   * how its process ended.
   */
  ask(method: string, argument: unknown, limits: Limits): Promise<unknown[]> {
    const answer = this.#last.then(() => this.#answer({ method, argument, limits }));
    this.#last = answer.catch(() => {});
    return answer;
  }

  #start(): ChildProcess {
    const path = fileURLToPath(this.#entry);
    // A bundler may have left it behind.
    if (!existsSync(path)) throw new Error(`its reader ${path} is not there`);
    const child = fork(path, [], {
      execArgv: [`--max-old-space-size=${HEAP}`, '--expose-gc'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#stderr = '';
    child.stderr!.on('data', (bytes: Buffer) => {
      this.#stderr = (this.#stderr + bytes.toString()).slice(-STDERR_KEPT);
    });
    child.on('exit', () => this.#leave(child)).on('error', () => this.#leave(child));
    (child.stderr as Socket).unref();
    return child;
  }

  #leave(child: ChildProcess): void {
    if (this.#child === child) this.#child = undefined;
    child.kill('SIGKILL');
  }

  async #answer(question: Question): Promise<unknown[]> {
    clearTimeout(this.#idle);
    const child = (this.#child ??= this.#start());
    child.ref();
    child.channel?.ref();
    try {
      return await this.#partsOf(child, question);
    } catch (error) {
      // Nobody knows what a parser that failed left behind.
      this.#leave(child);
      throw error;
    } finally {
      child.unref();
      child.channel?.unref();
      this.#idle = setTimeout(() => this.#leave(child), IDLE_MS).unref();
    }
  }

  #partsOf(child: ChildProcess, question: Question): Promise<unknown[]> {
    const parts: unknown[] = [];
    let ended!: (code: number | null, signal: string | null) => void;
    let failed!: (error: Error) => void;
    let heard!: (reply: Reply) => void;
    return new Promise<unknown[]>((resolve, reject) => {
      heard = (reply) => {
        if ('part' in reply) parts.push(reply.part);
        else if ('done' in reply) resolve(parts);
        else reject(reply.limit ? new LimitReached(reply.error) : new Error(reply.error));
      };
      ended = (code, signal) => {
        const limit = limitIn(this.#stderr);
        reject(
          limit
            ? new LimitReached(limitSentences[limit](question.limits))
            : new Error(`its reader ended with ${signal ?? `code ${code}`}`),
        );
      };
      failed = reject;
      // Only then has all of its stderr come.
      child.on('close', ended).on('error', failed).on('message', heard);
      child.send(question, (error) => {
        if (error && child.exitCode === null && child.signalCode === null) reject(error);
      });
    }).finally(() => {
      child.off('close', ended).off('error', failed).off('message', heard);
    });
  }
}
