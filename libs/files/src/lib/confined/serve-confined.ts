import { Worker } from 'node:worker_threads';
import { LimitReached, type Limits } from './limits.ts';

/** What the process is asked: one thing at a time. */
export interface Question {
  readonly method: string;
  readonly argument: unknown;
  readonly limits: Limits;
}

/** Parts as they come, then `done` or a reason. */
export type Reply =
  | { readonly part: unknown }
  | { readonly done: true }
  | { readonly error: string; readonly limit: boolean };

/** By name, what a process can be asked; an answer comes in parts, so that no message is large. */
export type ConfinedMethods = Readonly<
  Record<string, (argument: never, limits: Limits) => AsyncIterable<unknown>>
>;

/** Waits until the message has left, so that answers do not pile up here. */
const send = (reply: Reply) =>
  new Promise<void>((resolve) => process.send?.(reply, undefined, {}, () => resolve()));

function failed(error: unknown): Reply {
  const { message = String(error) } = (error ?? {}) as Partial<Error>;
  return { error: String(message), limit: error instanceof LimitReached };
}

/** The two limits that the watching thread sees. Without any while nothing is read. */
function startWatch() {
  const shared = new Float64Array(new SharedArrayBuffer(16)).fill(Infinity);
  new Worker(new URL('./watch-limits.js', import.meta.url), { workerData: shared }).unref();
  return {
    begin({ memory, seconds }: Limits) {
      const { user, system } = process.cpuUsage();
      shared.set([memory, user + system + 1e6 * seconds]);
    },
    end: () => shared.fill(Infinity),
  };
}

/** The whole of a process that reads for another one, until that one is gone. */
export function serveConfined(methods: ConfinedMethods): void {
  // Ctrl-C and a scheduler's signals go to all processes at once; the other one says when it is time to end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  process.on('disconnect', () => process.exit());
  // What a parser waits for in vain: without this the answer would never come.
  process.on('unhandledRejection', (error) => void send(failed(error)));
  const watch = startWatch();
  process.on('message', (question: Question) => {
    void answer(question).then(send);
  });

  async function answer({ method, argument, limits }: Question): Promise<Reply> {
    // What earlier answers left behind is not this one's.
    if (process.memoryUsage.rss() > limits.memory / 4) globalThis.gc?.();
    watch.begin(limits);
    try {
      for await (const part of methods[method]!(argument as never, limits)) await send({ part });
      return { done: true };
    } catch (error) {
      return failed(error);
    } finally {
      watch.end();
    }
  }
}
