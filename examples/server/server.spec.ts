import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

type Told = Record<string, unknown> & { readonly type: string };

const SMALL = {
  dataset: 'digits',
  model: 'lenet',
  method: 'snip',
  density: 0.1,
  start: 'init',
  epochs: 2,
};

let folder: string;
let server: ChildProcess;
let url: string;
async function startServer(): Promise<void> {
  server = spawn(process.execPath, [join(import.meta.dirname, 'server.mjs')], {
    cwd: folder,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(server.stdout!, 'data')) as [Buffer];
  url = line.toString().trim();
}
async function endServer(): Promise<void> {
  server.kill();
  await once(server, 'close');
}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-server-'));
  await startServer();
});
afterAll(async () => {
  await endServer();
  await rm(folder, { recursive: true });
});

async function ask(method: string, path: string, body?: unknown) {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await fetch(url + path, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** The events of a run as they come, until `enough` of them or the end. */
async function follow(id: number, enough: (event: Told) => boolean = () => false): Promise<Told[]> {
  const events: Told[] = [];
  const { body } = await fetch(`${url}/${id}/events`);
  let text = '';
  for await (const chunk of body!) {
    text += Buffer.from(chunk as Uint8Array).toString();
    const lines = text.split('\n\n');
    text = lines.pop()!;
    for (const line of lines) events.push(JSON.parse(line.slice('data: '.length)) as Told);
    if (events.some(enough)) break;
  }
  return events;
}

const typesOf = (events: readonly Told[]) => [...new Set(events.map(({ type }) => type))];

it('starts a run, tells its events, and exports it by a plugin', async () => {
  expect(await ask('POST', '', SMALL)).toMatchObject({ status: 201, body: { id: 1 } });
  const events = await follow(1);
  expect(typesOf(events)).toEqual(['phase', 'ticket', 'step', 'result', 'end']);
  expect(events.at(-1)).toEqual({ type: 'end', state: 'done' });
  const { result } = events.at(-2)! as unknown as { result: { kept: number; size: number } };
  expect(result.kept).toBe(Math.floor(0.1 * result.size));
  const journal = await readFile(join(folder, 'runs', '1', 'journal.md'), 'utf8');
  expect(journal).toMatch(/^# Journal\n\n(- .*\n)+- test accuracy [\d.]+ %\n$/);

  expect((await ask('GET', '/1/export/kept-json')).status).toBe(200);
  const exported = await readFile(join(folder, 'runs', '1', 'export', 'kept.json'), 'utf8');
  const { layers } = JSON.parse(exported) as {
    layers: Record<string, { shape: number[]; indices: number[] }>;
  };
  const prunable = Object.values(layers).filter(({ shape }) => shape.length > 1);
  expect(prunable.reduce((sum, { indices }) => sum + indices.length, 0)).toBe(result.kept);
});

it('cancels a run, and goes on with it to its end', async () => {
  await ask('POST', '', { ...SMALL, epochs: 40 });
  await follow(2, ({ type }) => type === 'step');
  expect((await ask('POST', '/2')).status).toBe(409);
  expect((await ask('DELETE', '/2')).status).toBe(202);
  const stopped = await follow(2);
  expect(stopped.at(-1)).toEqual({ type: 'end', state: 'cancelled' });
  expect(typesOf(stopped)).not.toContain('result');
  await ask('POST', '/2');
  expect((await follow(2)).filter(({ type }) => type === 'end').at(-1)).toMatchObject({
    state: 'done',
  });
});

it('tells what is wrong with a run, and keeps two apart that come at once', async () => {
  const wishes = [{ model: 'lenett' }, { densty: 0.1 }].map((wrong) => ({ ...SMALL, ...wrong }));
  const told = await Promise.all(wishes.map((wish) => ask('POST', '', wish)));
  expect(told.map(({ body }) => body['id'])).toEqual([3, 4]);
  const ends = await Promise.all([3, 4].map(async (id) => (await follow(id)).at(-1)));
  expect(ends.map((end) => end!['error'])).toEqual([
    expect.stringMatching(/No model is named "lenett"/),
    expect.stringMatching(/A run has no "densty"/),
  ]);
  expect((await ask('GET', '/7')).status).toBe(404);
});

/** By `http.request`, since `fetch` sets some headers itself. */
async function statusOf(
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<number> {
  const asked = request(url + path, { method, headers });
  asked.end(method === 'POST' ? JSON.stringify(SMALL) : '');
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode!;
}

it('refuses what a web page of elsewhere asks for', async () => {
  const { host, port } = new URL(url);
  const before = (await ask('GET', '')).body;
  const elsewhere = { origin: 'https://example.org' };
  expect(await statusOf('POST', '', elsewhere)).toBe(403);
  expect(await statusOf('POST', '/1', { origin: 'null' })).toBe(403);
  expect(await statusOf('GET', '/1/export/kept-json', { 'sec-fetch-site': 'cross-site' })).toBe(
    403,
  );
  expect(await statusOf('GET', '', { host: `example.org:${port}` })).toBe(403);
  expect(await statusOf('GET', '', { origin: `http://${host}` })).toBe(200);
  expect(await statusOf('GET', '', { host: `localhost:${port}` })).toBe(200);
  expect((await ask('GET', '')).body).toEqual(before);
});

it('knows the runs that were there before it, and gives others the next numbers', async () => {
  await ask('POST', '', { ...SMALL, epochs: 40 });
  await follow(5, ({ type }) => type === 'step');
  await ask('DELETE', '/5');
  await follow(5);
  await endServer();
  await startServer();
  const { body } = await ask('GET', '');
  expect(
    (body as unknown as { id: number; state: string }[]).map(({ id, state }) => [id, state]),
  ).toEqual([
    [1, 'done'],
    [2, 'done'],
    [5, 'cancelled'],
  ]);
  expect(await follow(1)).toEqual([{ type: 'end', state: 'done' }]);
  expect((await ask('GET', '/1/export/kept-json')).status).toBe(200);
  expect((await ask('POST', '/5')).status).toBe(202);
  expect((await follow(5)).at(-1)).toEqual({ type: 'end', state: 'done' });
  expect(await ask('POST', '', { ...SMALL, seed: 2 })).toMatchObject({ body: { id: 6 } });
  expect((await follow(6)).at(-1)).toEqual({ type: 'end', state: 'done' });
});
