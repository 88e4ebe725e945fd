import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PLAYGROUND = fileURLToPath(new URL('../../../examples/playground/', import.meta.url));

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

/** Where a visitor's script lies, and what it may tell. */
const VISIT = '/visit.js';
const TOLD = ['/done', '/failed'];

/**
 * Builds the page into a folder, and serves its files as they are, with no header but their type; with a visitor's script
 * beside the page's own, where one is given, which posts what it tells: `tell` gets it by its path.
 */
export async function servePlayground(folder, visit) {
  const how = ['--outDir', folder, '--emptyOutDir', '--logLevel', 'error'];
  execFileSync('npm', ['run', 'build', '--silent', '--', ...how], {
    cwd: PLAYGROUND,
    stdio: 'inherit',
  });
  const bodyOf = async (path) => {
    if (visit && path === VISIT) return visit.script;
    const body = await readFile(join(folder, path));
    const script = `<script type="module" src=".${VISIT}"></script></body>`;
    return visit && path === '/index.html' ? String(body).replace('</body>', script) : body;
  };
  const server = createServer(async (request, response) => {
    const { url, method } = request;
    try {
      if (visit && method === 'POST' && TOLD.includes(url)) {
        const body = Buffer.concat(await request.toArray());
        response.end();
        visit.tell(url, String(body));
        return;
      }
      const path = url === '/' ? '/index.html' : url;
      const body = await bodyOf(path);
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
