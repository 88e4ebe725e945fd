import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface ToyRun {
  readonly experiment: string;
  readonly name: string;
  status: string;
  endTime: number | undefined;
  deleted: boolean;
  readonly params: Map<string, string>;
  /** Steps and values by key, in the order in which they came. */
  readonly metrics: Map<string, [number, number][]>;
}

interface Body {
  readonly name: string;
  readonly experiment_id: string;
  readonly run_id: string;
  readonly run_name: string;
  readonly status: string;
  readonly end_time?: number;
  readonly metrics?: readonly { key: string; value: number; step: number }[];
  readonly params?: readonly { key: string; value: string }[];
}

/** What a request gets in place of its answer: nothing at all, or this status and text. */
export type Mishap = 'silence' | { readonly status: number; readonly text: string };

/** As much of MLflow's server as a run needs, with its limits, on loopback. */
export class ToyMlflow {
  readonly runs = new Map<string, ToyRun>();
  readonly experiments = new Map<string, string>();
  /** Of each request. */
  readonly authorizations = new Set<string | undefined>();
  readonly requests: string[] = [];
  /** Of requests whose path has the name; taken away once they were met so often. */
  readonly mishaps = new Map<string, { readonly mishap: Mishap; times: number }>();
  #begun = 0;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://here');
    const path = url.pathname.replace(/^\/api\/2\.0\/mlflow\//, '');
    this.requests.push(path);
    this.authorizations.add(request.headers.authorization);
    const body = (
      request.method === 'POST' ? await json(request) : Object.fromEntries(url.searchParams)
    ) as Body & { experiment_name: string };
    const met = this.mishaps.get(path);
    if (met && met.times-- > 0) {
      if (met.mishap !== 'silence') response.writeHead(met.mishap.status).end(met.mishap.text);
      return;
    }
    const [status, answer] = this.#handle(path, body);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  }

  #handle(path: string, body: Body & { experiment_name: string }): [number, object] {
    const absent: [number, object] = [
      404,
      { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'There is none.' },
    ];
    const wrong = (message: string): [number, object] => [
      400,
      { error_code: 'INVALID_PARAMETER_VALUE', message },
    ];
    switch (path) {
      case 'experiments/get-by-name': {
        const id = this.experiments.get(body.experiment_name);
        return id ? [200, { experiment: { experiment_id: id } }] : absent;
      }
      case 'experiments/create': {
        const id = String(this.experiments.size + 1);
        this.experiments.set(body.name, id);
        return [200, { experiment_id: id }];
      }
      case 'runs/create': {
        const id = `run${++this.#begun}`;
        this.runs.set(id, {
          experiment: body.experiment_id,
          name: body.run_name,
          status: 'RUNNING',
          endTime: undefined,
          deleted: false,
          params: new Map(),
          metrics: new Map(),
        });
        return [200, { run: { info: { run_id: id } } }];
      }
    }
    const run = this.runs.get(body.run_id);
    if (!run) return absent;
    if (path === 'runs/get') {
      const metrics = [...run.metrics].map(([key, points]) => ({ key, step: points.at(-1)![0] }));
      const params = [...run.params].map(([key, value]) => ({ key, value }));
      const { status, deleted } = run;
      const lifecycle_stage = deleted ? 'deleted' : 'active';
      const info = { run_id: body.run_id, status, lifecycle_stage };
      return [200, { run: { info, data: { metrics, params } } }];
    }
    if (path === 'runs/update') {
      run.status = body.status;
      run.endTime = body.end_time ?? run.endTime;
      return [200, {}];
    }
    const { metrics = [], params = [] } = body;
    if (metrics.length > 1000 || params.length > 100) return wrong('too many');
    for (const { key, value } of params) {
      if ((run.params.get(key) ?? value) !== value) return wrong(`${key} has changed`);
      run.params.set(key, value);
    }
    for (const { key, step, value } of metrics) {
      if (!/^[\p{L}\p{N}_/.\- ]+$/u.test(key)) return wrong(`${key} is no key`);
      run.metrics.set(key, [...(run.metrics.get(key) ?? []), [step, value]]);
    }
    return [200, {}];
  }
}
