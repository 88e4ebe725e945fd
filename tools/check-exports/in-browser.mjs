import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inChromium } from '../headless-chromium.mjs';

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

const program = (shape) => `
  tf.wasm.setWasmPaths('/wasm/');
  await tf.setBackend('wasm');
  const pixels = new Float32Array(await (await fetch('/images')).arrayBuffer());
  const model = await tf.loadGraphModel('/model/model.json');
  return model.predict(tf.tensor4d(pixels, ${JSON.stringify(shape)})).data();
`;

/** Logits of the GraphModel in a folder for images [n, height, width, channels], in headless Chromium. */
export async function inBrowser(folder, images, shape, chromium) {
  const folders = { '/model': folder, '/wasm': dirname(scripts[2]) };
  const types = { '.json': 'application/json', '.wasm': 'application/wasm' };
  const bytes = await inChromium(chromium, {
    scripts: scripts.map((path) => `/scripts/${basename(path)}`),
    program: program(shape),
    async serve(path) {
      if (path === '/images') return [new Uint8Array(images.buffer), 'application/octet-stream'];
      const name = basename(path);
      const known = scripts.find((it) => basename(it) === name);
      if (known) return [await readFile(known), 'text/javascript'];
      const from = folders[dirname(path)];
      return from && [await readFile(join(from, name)), types[extname(name)] ?? 'text/plain'];
    },
  });
  return new Float32Array(bytes.buffer);
}
