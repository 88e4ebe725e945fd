import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PLAYGROUND = fileURLToPath(new URL('../../../examples/playground/', import.meta.url));
export const BUILT = join(PLAYGROUND, 'dist');

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

/** Builds the page, and serves its files as they are, with no header but their type. */
export async function servePlayground() {
  execFileSync('npm', ['run', 'build', '--silent', '--', '--logLevel', 'error'], {
    cwd: PLAYGROUND,
    stdio: 'inherit',
  });
  const server = createServer(async ({ url }, response) => {
    try {
      const path = url === '/' ? '/index.html' : url;
      const body = await readFile(join(BUILT, path));
      const type = TYPES[extname(path)] ?? 'application/octet-stream';
      response.setHeader('content-type', type).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
