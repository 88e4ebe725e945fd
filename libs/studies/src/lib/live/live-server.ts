import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { WinnowError } from '@winnow/plugin-api';
import type { LiveSite } from './live-site.ts';

export interface LiveServerOptions {
  /** A name or an address of this machine. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly signal: AbortSignal;
}

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];
/** Every address of this machine, of which none can be opened from elsewhere. */
const ANY = ['0.0.0.0', '::'];
const inAddress = (host: string) =>
  ANY.includes(host) ? hostname() : host.includes(':') ? `[${host}]` : host;

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
  const { liveListener } = await import('./live-listener.ts');
  const listener = liveListener(
    site,
    root,
    (name) => !isLocal || LOOPBACK.includes(name.replace(/[[\]]/g, '')),
  );
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
