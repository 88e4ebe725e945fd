import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { createWinnow } from '@winnow/cli';
import { isWinnowError } from '@winnow/plugin-api';

const PLUGIN = fileURLToPath(new URL('plugin.mjs', import.meta.url));

/**
 * Runs under way and done. They train one after another: a process has one TensorFlow.js.
 * @typedef {import('node:http').ServerResponse} Response
 * @typedef {{ folder: string, state: string, error?: string, events: string[], followers: Set<Response>,
 *   controller: AbortController }} Entry
 */

/**
 * A server of runs on loopback; their folders are in `folder`. `POST /runs` with the options of `winnow run` starts one,
 * `GET /runs/N/events` follows it, `DELETE /runs/N` cancels it, `POST /runs/N` goes on with it,
 * `GET /runs/N/export/FORMAT` exports it.
 * @param {{ folder: string, port?: number }} setting
 */
export async function serve({ folder, port = 0 }) {
  const winnow = await createWinnow({ plugins: [PLUGIN] });
  /** @type {Entry[]} */
  const runs = [];
  let turn = Promise.resolve();

  /** @param {Entry} entry @param {unknown} event */
  function tell(entry, event) {
    const line = `data: ${JSON.stringify(event)}\n\n`;
    entry.events.push(line);
    for (const follower of entry.followers) follower.write(line);
  }

  /** @param {Entry} entry @param {() => Promise<import('@winnow/cli').ReadyRun>} ready */
  function enqueue(entry, ready) {
    entry.state = 'waiting';
    entry.controller = new AbortController();
    const { signal } = entry.controller;
    turn = turn.then(async () => {
      try {
        const run = await ready();
        entry.state = 'running';
        const observer = { on: (/** @type {unknown} */ event) => tell(entry, event) };
        await winnow.run(run, { signal, observer, observe: ['journal'] });
        entry.state = 'done';
      } catch (error) {
        entry.state = isWinnowError(error) && error.code === 'INTERRUPTED' ? 'cancelled' : 'failed';
        if (entry.state === 'failed') entry.error = String(error);
      }
      tell(entry, { type: 'end', state: entry.state, error: entry.error });
      for (const follower of entry.followers) follower.end();
      entry.followers.clear();
    });
  }

  const server = createServer(async (request, response) => {
    const reply = (/** @type {number} */ status, /** @type {unknown} */ body) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    try {
      const { method = '' } = request;
      const [, name, id = '', what = '', format = ''] = (request.url ?? '').split('/');
      const entry = runs[Number(id) - 1];
      const told = entry && { id: Number(id), folder: entry.folder, state: entry.state };
      if (name !== 'runs' || (id !== '' && !entry)) return reply(404, { error: 'no such run' });
      if (!entry || !told) {
        if (method !== 'POST') return reply(405, { error: 'POST what a run is to be' });
        let body = '';
        for await (const chunk of request) body += chunk;
        const place = join(folder, String(runs.length + 1));
        // Planned at once, so that what is wrong with it is told now.
        const run = await winnow.plan(JSON.parse(body), place);
        const controller = new AbortController();
        const started = { folder: place, state: '', events: [], followers: new Set(), controller };
        runs.push(started);
        enqueue(started, async () => run);
        return reply(201, { id: runs.length, folder: place, state: started.state });
      }
      if (method === 'DELETE') {
        entry.controller.abort();
        return reply(202, told);
      }
      if (method === 'POST') {
        enqueue(entry, () => winnow.reopen(entry.folder));
        return reply(202, { ...told, state: entry.state });
      }
      if (what === 'events') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const line of entry.events) response.write(line);
        if (['waiting', 'running'].includes(entry.state)) entry.followers.add(response);
        else response.end();
        return response;
      }
      if (what === 'export') {
        const run = await winnow.reopen(entry.folder);
        return reply(200, await winnow.export(run, format));
      }
      return reply(200, told);
    } catch (error) {
      const status = isWinnowError(error) || error instanceof SyntaxError ? 400 : 500;
      return reply(status, { error: error instanceof Error ? error.message : String(error) });
    }
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)));
  return server;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const server = await serve({ folder: 'runs', port: Number(process.env['PORT'] ?? 8080) });
  const address = server.address();
  if (address && typeof address === 'object') console.log(`http://127.0.0.1:${address.port}/runs`);
}
