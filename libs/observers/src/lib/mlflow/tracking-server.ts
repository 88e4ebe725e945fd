import { setTimeout as pause } from 'node:timers/promises';
import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import * as z from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

const problem = z.looseObject({ error_code: z.string(), message: z.string().default('') });

/** What a server said of a request that it refused; codes as in MLflow's `databricks.proto`. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A part of an address. Throws INVALID_OPTION, which does not tell it: it is secret. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new WinnowError(
      'INVALID_OPTION',
      'The tracking URI of MLflow has a % in its name or password that begins no escape.',
      { hint: 'Write % as %25, or set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.' },
    );
  }
}

/** A header for what MLflow's own clients read from the environment, or from the address; undefined where there is none. */
function authorization(url: URL, environment: Environment): string | undefined {
  const token = environment['MLFLOW_TRACKING_TOKEN'];
  if (token) return `Bearer ${token}`;
  const user = environment['MLFLOW_TRACKING_USERNAME'] ?? decoded(url.username);
  const password = environment['MLFLOW_TRACKING_PASSWORD'] ?? decoded(url.password);
  return user ? `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` : undefined;
}

/** `fetch` tells what went wrong in the cause of its error. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string } };
  return cause?.code ?? message;
}

/** How long to bother with a server. */
export interface Patience {
  /** How long a request may take. */
  readonly requestMs: number;
  /** How long to wait before each further try of a request that found no server, or one that is at a loss. */
  readonly waitsMs: readonly number[];
  /** From when on no request that failed is tried again. */
  readonly over: AbortSignal;
  /** Ends requests under way, with its reason. */
  readonly stop: AbortSignal;
}

/**
 * Lets a request go on for so long, and no longer than `stop` lets it. Of `AbortSignal.timeout` in `AbortSignal.any` Node 20
 * holds the timeout by weak references alone: a garbage collection takes it away, and it never comes.
 */
async function withinTime<T>(
  { requestMs, stop }: Patience,
  request: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const end = () => over.abort(stop.reason);
  const timer = setTimeout(
    () => over.abort(new Error(`not within ${requestMs / 1000} s`)),
    requestMs,
  );
  stop.addEventListener('abort', end);
  if (stop.aborted) end();
  try {
    return await request(over.signal);
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', end);
  }
}

/** An MLflow server, by its REST interface (https://mlflow.org/docs/latest/rest-api.html). */
export class TrackingServer {
  /** Its address, without user and password. */
  readonly uri: string;
  readonly #authorization: string | undefined;
  readonly #patience: Patience;

  /** Throws INVALID_OPTION where the address is none of HTTP, or has a name or password that is not to be read. */
  constructor(uri: string, environment: Environment, patience: Patience) {
    const url = URL.canParse(uri) ? new URL(uri) : undefined;
    if (!url || !/^https?:$/.test(url.protocol)) {
      throw new WinnowError('INVALID_OPTION', 'The tracking URI of MLflow is no address of HTTP.', {
        hint: 'Start `mlflow server`, and give its address: --mlflow-uri http://127.0.0.1:5000.',
      });
    }
    this.#authorization = authorization(url, environment);
    this.#patience = patience;
    [url.username, url.password] = ['', ''];
    this.uri = url.href.replace(/\/+$/, '');
  }

  /** The answer to a request. Throws Refusal, TRACKING_FAILED. */
  async ask<T>(
    method: 'GET' | 'POST',
    path: string,
    body: object,
    answer: z.ZodType<T>,
  ): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        const parsed = answer.safeParse(await this.#request(method, path, body));
        if (parsed.success) return parsed.data;
        throw this.failed('gave an answer that is not of MLflow');
      } catch (error) {
        if (error instanceof Refusal || isWinnowError(error)) throw error;
        const { over, waitsMs } = this.#patience;
        const waitMs = waitsMs[attempt];
        if (waitMs === undefined || over.aborted)
          throw this.failed(`does not answer (${reasonOf(error)})`, error);
        await pause(waitMs, undefined, { signal: over, ref: false }).catch(() => {});
      }
    }
  }

  failed(what: string, cause?: unknown): WinnowError {
    return new WinnowError('TRACKING_FAILED', `MLflow at ${this.uri} ${what}.`, {
      hint: '`winnow resume` with --observe mlflow logs what it misses, then or later.',
      cause,
    });
  }

  async #request(method: 'GET' | 'POST', path: string, body: object): Promise<unknown> {
    const url = new URL(`${this.uri}/api/2.0/mlflow/${path}`);
    const isGet = method === 'GET';
    if (isGet)
      url.search = new URLSearchParams(Object.entries(body) as [string, string][]).toString();
    const { response, text } = await withinTime(this.#patience, async (signal) => {
      const answer = await fetch(url, {
        method,
        headers: {
          'content-type': 'application/json',
          ...(this.#authorization && { authorization: this.#authorization }),
        },
        ...(isGet ? {} : { body: JSON.stringify(body) }),
        signal,
      });
      return { response: answer, text: await answer.text() };
    });
    if (response.ok) return parsed(text);
    const told = problem.safeParse(parsed(text));
    if (response.status >= 500 || response.status === 429)
      throw new Error(`status ${response.status}`);
    if (told.success) throw new Refusal(told.data.error_code, told.data.message);
    throw this.failed(`refused ${path} with status ${response.status}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
