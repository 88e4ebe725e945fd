import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { getRequestListener } from '@hono/node-server';
import { WinnowError } from '@winnow/plugin-api';
import { COPY_SCRIPT_HASH } from '@winnow/report';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { streamSSE } from 'hono/streaming';
import { LIVE_SCRIPT } from './live-script.ts';

/** Pages that change. */
export interface LiveSite {
  /** The HTML at a path below the root, `''` and the like; undefined where there is none. */
  page(path: string): Promise<string | undefined>;
  /** Calls back after each change, until the signal fires. */
  onChange(changed: () => void, signal: AbortSignal): void;
}

export interface LiveServerOptions {
  /** A name or an address of this machine. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly signal: AbortSignal;
}

const require = createRequire(import.meta.url);
const MORPH = require.resolve('idiomorph/dist/idiomorph.esm.js');
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];
/** Every address of this machine, of which none can be opened from elsewhere. */
const ANY = ['0.0.0.0', '::'];
const inAddress = (host: string) =>
  ANY.includes(host) ? hostname() : host.includes(':') ? `[${host}]` : host;

/** Nothing of a text that is not well encoded. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The pages of a site below a path, which is the key to them where others can reach the port. */
function application(site: LiveSite, root: string, isAllowed: (host: string) => boolean): Hono {
  const app = new Hono();
  // A page elsewhere whose name was made to lead to this machine would otherwise be let in.
  app.use(async (context, next) => {
    if (!isAllowed(new URL(context.req.url).hostname)) return context.notFound();
    return next();
  });
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", `'${COPY_SCRIPT_HASH}'`],
        connectSrc: ["'self'"],
        styleSrc: ["'unsafe-inline'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
      },
      referrerPolicy: 'no-referrer',
    }),
  );
  app.use(async (context, next) => {
    await next();
    context.header('Cache-Control', 'no-store');
  });
  const script = (text: string) =>
    new Response(text, { headers: { 'Content-Type': 'text/javascript; charset=utf-8' } });
  app.get(`${root}live.js`, () => script(LIVE_SCRIPT));
  app.get(`${root}idiomorph.js`, async () => {
    return script(await readFile(MORPH, 'utf8'));
  });
  app.get(`${root}events`, (context) => {
    // Of a stream without a body nobody would tell when its reader has gone.
    if (context.req.method === 'HEAD') return context.body(null);
    return streamSSE(context, async (stream) => {
      const gone = new AbortController();
      let isTelling = false;
      await new Promise<void>((resolve) => {
        stream.onAbort(() => resolve());
        site.onChange(() => {
          // A reader that is behind learns as much from one word as from many.
          if (isTelling) return;
          isTelling = true;
          void stream.writeSSE({ data: 'changed' }).finally(() => (isTelling = false));
        }, gone.signal);
      });
      gone.abort();
    });
  });
  app.get(`${root}*`, async (context) => {
    // Without the slash at its end the page's own links would lead astray.
    if (context.req.path.length < root.length) return context.redirect(root);
    const path = decoded(context.req.path.slice(root.length));
    const page = path === undefined ? undefined : await site.page(path);
    return page === undefined ? context.notFound() : context.html(page);
  });
  return app;
}

/**
 * Serves a site until the signal fires: to this machine alone, or, where the host is not the loopback's, to whoever knows
 * the address, which has a token. Gives the address. Throws PORT_NOT_FREE.
 */
export async function serveLive(
  site: LiveSite,
  { host, port, signal }: LiveServerOptions,
): Promise<string> {
  const isLocal = LOOPBACK.includes(host);
  const root = isLocal ? '/' : `/${randomBytes(16).toString('hex')}/`;
  const app = application(
    site,
    root,
    (name) => !isLocal || LOOPBACK.includes(name.replace(/[[\]]/g, '')),
  );
  const listener = getRequestListener(app.fetch);
  const server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new WinnowError(
          'PORT_NOT_FREE',
          `${host}:${port} cannot be served at (${cause.message}).`,
          {
            hint: 'Give another --port, or 0 for a free one, and a --host of this machine.',
            cause,
          },
        ),
      ),
    );
    server.listen(port, host, resolve);
  });
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  const address = `http://${inAddress(host)}:${(server.address() as AddressInfo).port}${root}`;
  if (signal.aborted) close();
  else signal.addEventListener('abort', close);
  return address;
}
