import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PATIENCE = 300_000;

/** Imports that fail are caught only within a program, and so are not its head. */
const pageOf = ({ scripts = [], program }) => `<!doctype html>
${scripts.map((path) => `<script src="${path}"></script>`).join('\n')}
<script type="module">
  const post = (path, body) => fetch(path, { method: 'POST', body });
  try {
    await post('/done', await (async () => { ${program} })());
  } catch (error) {
    await post('/failed', error?.stack ?? String(error));
  }
</script>`;

function launch(chromium, profile, address) {
  const options = ['--headless=new', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`];
  return spawn(chromium, [...options, address], { stdio: 'ignore' });
}

/**
 * The bytes that a program returns in headless Chromium: the body of an asynchronous function, in a page that has loaded
 * `scripts` before. `serve(path)` gives body and type of what else the page fetches. Throws what the program throws.
 */
export async function inChromium(chromium, { scripts, program, serve }) {
  const profile = await mkdtemp(join(tmpdir(), 'winnow-chromium-'));
  const server = createServer();
  let child;
  try {
    return await new Promise((resolve, reject) => {
      server.on('request', async (request, response) => {
        try {
          if (request.method === 'POST') {
            const body = Buffer.concat(await request.toArray());
            response.end();
            if (request.url === '/done') resolve(new Uint8Array(body));
            else reject(new Error(`In Chromium: ${body}`));
            return;
          }
          const page = request.url === '/' && [pageOf({ scripts, program }), 'text/html'];
          const [body, type] = page || ((await serve(request.url)) ?? []);
          if (body === undefined) response.writeHead(404).end();
          else response.setHeader('content-type', type).end(body);
        } catch (error) {
          reject(error);
        }
      });
      server.listen(0, '127.0.0.1', () => {
        child = launch(chromium, profile, `http://127.0.0.1:${server.address().port}/`);
        child.on('error', reject);
        child.on('exit', (status) => reject(new Error(`${chromium} ended with ${status}.`)));
      });
      setTimeout(() => reject(new Error(`${chromium} gives no answer.`)), PATIENCE).unref();
    });
  } finally {
    server.close();
    server.closeAllConnections();
    if (child?.pid !== undefined && child.exitCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await gone;
    }
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
