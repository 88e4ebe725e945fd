import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { getRequestListener } from '@hono/node-server';
import { COPY_SCRIPT_HASH } from '@winnow/report';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { streamSSE } from 'hono/streaming';
import { LIVE_SCRIPT } from './live-script.ts';
import type { LiveSite } from './live-site.ts';

const require = createRequire(import.meta.url);
const MORPH = require.resolve('idiomorph/dist/idiomorph.esm.js');

/** Nothing of a text that is not well encoded. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Answers with the pages of a site below a path, which is the key to them where others can reach the port. */
export function liveListener(
  site: LiveSite,
  root: string,
  isAllowed: (host: string) => boolean,
): ReturnType<typeof getRequestListener> {
  return getRequestListener(application(site, root, isAllowed).fetch);
}

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
