import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = (name, file) =>
  fileURLToPath(import.meta.resolve(`@tensorflow/${name}/package.json`)).replace(
    'package.json',
    `dist/${file}`,
  );
const scripts = [
  script('tfjs-core', 'tf-core.min.js'),
  script('tfjs-converter', 'tf-converter.min.js'),
  script('tfjs-backend-wasm', 'tf-backend-wasm.min.js'),
];

const page = (shape) => `<!doctype html>
${scripts.map((path) => `<script src="/scripts/${basename(path)}"></script>`).join('\n')}
<script type="module">
  try {
    tf.wasm.setWasmPaths('/wasm/');
    await tf.setBackend('wasm');
    const pixels = new Float32Array(await (await fetch('/images')).arrayBuffer());
    const model = await tf.loadGraphModel('/model/model.json');
    const logits = model.predict(tf.tensor4d(pixels, ${JSON.stringify(shape)}));
    await fetch('/logits', { method: 'POST', body: await logits.data() });
  } catch (error) {
    await fetch('/failed', { method: 'POST', body: String(error) });
  }
</script>`;

/** Logits of the GraphModel in a folder for images [n, height, width, channels], in headless Chromium. */
export async function inBrowser(folder, images, shape, chromium) {
  const profile = await mkdtemp(join(tmpdir(), 'winnow-browser-'));
  let child;
  try {
    return await new Promise((resolve, reject) => {
      const server = createServer(async (request, response) => {
        const { url } = request;
        const answer = (body, type) => response.setHeader('content-type', type).end(body);
        try {
          if (request.method === 'POST') {
            const body = Buffer.concat(await request.toArray());
            response.end();
            server.close();
            if (url === '/failed') reject(new Error(body.toString()));
            else resolve(new Float32Array(new Uint8Array(body).buffer));
          } else if (url === '/') answer(page(shape), 'text/html');
          else if (url === '/images') answer(new Uint8Array(images.buffer), 'text/plain');
          else if (url.startsWith('/model/'))
            answer(await readFile(join(folder, basename(url))), 'application/json');
          else if (url.startsWith('/wasm/'))
            answer(await readFile(join(dirname(scripts[2]), basename(url))), 'application/wasm');
          else {
            const path = scripts.find((known) => basename(known) === basename(url));
            if (path) answer(await readFile(path), 'text/javascript');
            else response.writeHead(404).end();
          }
        } catch (error) {
          reject(error);
        }
      });
      server.listen(0, '127.0.0.1', () => {
        const options = ['--headless=new', '--no-sandbox', `--user-data-dir=${profile}`];
        const address = `http://127.0.0.1:${server.address().port}/`;
        child = spawn(chromium, [...options, address], { stdio: 'ignore' });
        child.on('error', reject);
      });
    });
  } finally {
    child?.kill();
    await new Promise((resolve) =>
      child?.exitCode === null ? child.on('exit', resolve) : resolve(),
    );
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
