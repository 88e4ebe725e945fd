import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createWinnow } from '@winnow/cli';
import { isWinnowError } from '@winnow/plugin-api';

const PLUGIN = fileURLToPath(new URL('plugin.mjs', import.meta.url));

/**
 * @typedef {import('node:http').ServerResponse} Response
 * @typedef {import('@winnow/cli').ReadyRun} ReadyRun
 * @typedef {{ id: number, folder: string, state: 'busy' | 'done' | 'cancelled' | 'failed', error?: string | undefined,
 *   events: string[], followers: Set<Response>, controller: AbortController }} Entry
 */

/** @param {Pick<Entry, 'state' | 'error'>} entry */
const ending = ({ state, error }) => ({ type: 'end', state, error });
const lineOf = (/** @type {unknown} */ event) => `data: ${JSON.stringify(event)}\n\n`;

/**
 * The runs that an earlier server left, by their numbers: those without a result can be gone on with.
 * @param {string} folder @returns {Map<number, Entry>}
 */
function earlierRuns(folder) {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const ids = names.filter((name) => /^[1-9]\d{0,8}$/.test(name)).map(Number);
  ids.sort((a, b) => a - b);
  return new Map(
    ids.map((id) => {
      const place = join(folder, String(id));
      const state = existsSync(join(place, 'result.json')) ? 'done' : 'cancelled';
      const events = [lineOf(ending({ state }))];
      const controller = new AbortController();
      return [id, { id, folder: place, state, events, followers: new Set(), controller }];
    }),
  );
}

/**
 * Whether a web page of elsewhere may have asked: by a name of its own that leads to this machine, or from its own address.
 * @param {import('node:http').IncomingHttpHeaders} headers
 */
function isForeign({ host = '', origin, 'sec-fetch-site': site }) {
  const isLoopback = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);
  const isFromElsewhere = site === 'cross-site' || site === 'same-site';
  return !isLoopback || isFromElsewhere || (origin !== undefined && origin !== `http://${host}`);
}

/**
 * A server of runs on loopback, whose folders are in `folder`. `POST /runs` with what a run is to be starts one,
 * `GET /runs/N/events` follows it, `DELETE /runs/N` cancels it, `POST /runs/N` goes on with it,
 * `GET /runs/N/export/FORMAT` exports it. What is asked for waits for what was asked for before. Runs of an earlier server
 * in the folder keep their numbers.
 * @param {{ folder: string, port?: number }} setting
 */
export async function serve({ folder, port = 0 }) {
  const winnow = await createWinnow({ plugins: [PLUGIN] });
  const runs = earlierRuns(folder);

  /** @param {Entry} entry @param {unknown} event */
  function tell(entry, event) {
    const line = lineOf(event);
    entry.events.push(line);
    for (const follower of entry.followers) follower.write(line);
  }

  /** @param {Entry} entry @param {() => Promise<ReadyRun>} ready */
  async function carryOut(entry, ready) {
    const controller = new AbortController();
    Object.assign(entry, { state: 'busy', error: undefined, events: [], controller });
    const { signal } = entry.controller;
    const watcher = () => ({ on: (/** @type {unknown} */ event) => tell(entry, event) });
    try {
      await winnow.run(await ready(), { signal, watcher, observe: ['journal'] });
      entry.state = 'done';
    } catch (error) {
      entry.state = isWinnowError(error) && error.code === 'INTERRUPTED' ? 'cancelled' : 'failed';
      if (entry.state === 'failed') entry.error = String(error);
    }
    tell(entry, ending(entry));
    for (const follower of entry.followers) follower.end();
    entry.followers.clear();
  }

  /** @param {import('@winnow/cli').RunWish} wish @returns {Entry} */
  function start(wish) {
    const id = Math.max(0, ...runs.keys()) + 1;
    const place = join(folder, String(id));
    const controller = new AbortController();
    /** @type {Entry} */
    const entry = {
      id,
      folder: place,
      state: 'busy',
      events: [],
      followers: new Set(),
      controller,
    };
    runs.set(id, entry);
    void carryOut(entry, () => winnow.plan(wish, place));
    return entry;
  }

  const server = createServer(async (request, response) => {
    const reply = (/** @type {number} */ status, /** @type {unknown} */ body) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const told = (/** @type {Entry} */ { id, folder, state, error }) => ({
      id,
      folder,
      state,
      error,
    });
    try {
      const { method = '', url = '', headers } = request;
      if (isForeign(headers)) return reply(403, { error: 'this is for programs of this machine' });
      const [, name, id = '', what = '', format = ''] = url.split('/');
      const entry = runs.get(Number(id));
      if (name !== 'runs' || (id !== '' && !entry)) return reply(404, { error: 'no such run' });
      if (!['GET', 'POST', 'DELETE'].includes(method))
        return reply(405, { error: 'no such method' });
      if (!entry) {
        if (method !== 'POST') return reply(200, [...runs.values()].map(told));
        let body = '';
        for await (const chunk of request) body += chunk;
        return reply(201, told(start(JSON.parse(body))));
      }
      if (method === 'DELETE') {
        entry.controller.abort();
        return reply(202, told(entry));
      }
      if (method === 'POST') {
        if (entry.state === 'busy') return reply(409, { error: 'it is busy' });
        void carryOut(entry, () => winnow.reopen(entry.folder));
        return reply(202, told(entry));
      }
      if (what === 'events') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const line of entry.events) response.write(line);
        if (entry.state !== 'busy') return response.end();
        entry.followers.add(response);
        return response.on('close', () => entry.followers.delete(response));
      }
      if (what === 'export') {
        if (entry.state !== 'done') return reply(409, { error: 'it is not done' });
        return reply(200, await winnow.export(entry.folder, format));
      }
      return reply(200, told(entry));
    } catch (error) {
      const status = isWinnowError(error) || error instanceof SyntaxError ? 400 : 500;
      return reply(status, { error: error instanceof Error ? error.message : String(error) });
    }
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return server;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const port = Number(process.env['PORT'] ?? 8080);
  try {
    const server = await serve({ folder: 'runs', port });
    const address = server.address();
    if (address && typeof address === 'object')
      console.log(`http://127.0.0.1:${address.port}/runs`);
  } catch (error) {
    console.error(
      `Cannot listen on port ${port}: ${error}. Another one: PORT=8081 node server.mjs`,
    );
    process.exitCode = 1;
  }
}
