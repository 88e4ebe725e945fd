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

/** Builds the page into a folder, and serves its files as they are, with no header but their type. */
export async function servePlayground(folder) {
  const how = ['--outDir', folder, '--emptyOutDir', '--logLevel', 'error'];
  execFileSync('npm', ['run', 'build', '--silent', '--', ...how], {
    cwd: PLAYGROUND,
    stdio: 'inherit',
  });
  const server = createServer(async ({ url }, response) => {
    try {
      const path = url === '/' ? '/index.html' : url;
      const body = await readFile(join(folder, path));
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
