import { request } from 'node:http';
import { hostname } from 'node:os';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { serveLive } from './live-server.ts';
import type { LiveSite } from './live-site.ts';

let stop: AbortController;
let listeners: Set<() => void>;
const site: LiveSite = {
  page: (path) =>
    Promise.resolve(
      path === '' ? '<main>all</main>' : path === 'runs/ü' ? '<main>one</main>' : undefined,
    ),
  onChange(changed, signal) {
    listeners.add(changed);
    signal.addEventListener('abort', () => listeners.delete(changed));
  },
};
beforeEach(() => {
  stop = new AbortController();
  listeners = new Set();
});
afterEach(() => stop.abort());

const serve = (host: string) => serveLive(site, { host, port: 0, signal: stop.signal });

/** The status that a GET gets which names another host. */
const statusFor = (url: string, host: string) =>
  new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

it('serves pages and what keeps them fresh, to be read alone, and nothing else', async () => {
  const url = await serve('127.0.0.1');
  const page = await fetch(url);
  expect([page.status, await page.text()]).toEqual([200, '<main>all</main>']);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect(await (await fetch(`${url}runs/%C3%BC`)).text()).toBe('<main>one</main>');
  for (const file of ['live.js', 'idiomorph.js'])
    expect(await (await fetch(url + file)).text()).toContain('Idiomorph');
  for (const path of ['none', '%E0%A4%A', '%', '%FF'])
    expect((await fetch(`${url}runs/${path}`)).status).toBe(404);
  expect((await fetch(`${url}../package.json`)).status).toBe(404);
  expect((await fetch(url, { method: 'POST' })).status).toBe(404);
});

it('tells an open page of each change, and forgets one that has gone', async () => {
  const url = await serve('127.0.0.1');
  const leave = new AbortController();
  const { body } = await fetch(`${url}events`, { signal: leave.signal });
  while (listeners.size === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  const reader = body!.getReader();
  for (const changed of listeners) changed();
  const { value } = await reader.read();
  expect(Buffer.from(value!).toString()).toBe('data: changed\n\n');
  leave.abort();
  while (listeners.size > 0) await new Promise((resolve) => setTimeout(resolve, 1));
});

it('follows nothing for a reader who asks for no body, and heaps up nothing for one who does not read', async () => {
  const url = await serve('127.0.0.1');
  expect((await fetch(`${url}events`, { method: 'HEAD' })).status).toBe(200);
  expect(listeners.size).toBe(0);
  const { body } = await fetch(`${url}events`);
  while (listeners.size === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  for (let i = 0; i < 100; i++) for (const changed of listeners) changed();
  let told = '';
  const reading = body!.pipeTo(
    new WritableStream({
      write: (bytes: Uint8Array) => void (told += Buffer.from(bytes).toString()),
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  stop.abort();
  await expect(reading).rejects.toThrow();
  expect(told).toBe('data: changed\n\n');
});

it('serves nothing once it is to stop', async () => {
  stop.abort();
  await expect(fetch(await serve('127.0.0.1'))).rejects.toThrow();
});

it('lets in nobody who calls this machine by a foreign name', async () => {
  const url = await serve('127.0.0.1');
  expect(await statusFor(url, 'evil.example')).toBe(404);
  expect(await statusFor(url, 'localhost:1')).toBe(200);
});

it('is open to others by the token of its address alone', async () => {
  const url = await serve('0.0.0.0');
  const { port, pathname, hostname: name } = new URL(url);
  expect(name).toBe(hostname().toLowerCase());
  expect(pathname).toMatch(/^\/[0-9a-f]{32}\/$/);
  const origin = `http://127.0.0.1:${port}`;
  expect((await fetch(origin + pathname)).status).toBe(200);
  const bare = await fetch(origin + pathname.slice(0, -1));
  expect([bare.status, bare.url]).toEqual([200, origin + pathname]);
  for (const path of ['/', '/events', '/live.js', `/${'0'.repeat(32)}/`])
    expect((await fetch(origin + path)).status).toBe(404);
});

it('says that a port is taken', async () => {
  const { port } = new URL(await serve('127.0.0.1'));
  const again = serveLive(site, { host: '127.0.0.1', port: Number(port), signal: stop.signal });
  await expect(again).rejects.toMatchObject({ code: 'PORT_NOT_FREE' });
});
