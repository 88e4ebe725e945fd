// Runs a search of a few steps, training and evaluation from a bundle in headless Chromium, and compares the ticket and the
// trained weights with Node's on the same backend:
//   node tools/check-browser/check-browser.mjs [--chromium chromium]
// Ends with 1 where a bit differs.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import * as backends from '@winnow/tensor-backend';
import { inChromium } from '../headless-chromium.mjs';
import { bundle, searchOn } from './bundle.mjs';
import { search } from './search.mjs';

const { values: options } = parseArgs({
  options: { chromium: { type: 'string', default: 'chromium' } },
});
const WASM = new URL(import.meta.resolve('@tensorflow/tfjs-backend-wasm/package.json'));

/** Of the files that TensorFlow.js's WebAssembly may ask for, beside the page. */
const wasmFile = (path) => readFile(new URL(`dist${path}`, WASM));

for (const name of ['cpu', 'wasm']) {
  const script = await bundle(searchOn(name));
  const theirs = await inChromium(options.chromium, {
    program: "return (await import('/search.js')).found;",
    serve: async (path) => {
      if (path === '/search.js') return [script, 'text/javascript'];
      if (path.endsWith('.wasm')) return [await wasmFile(path), 'application/wasm'];
    },
  });
  const ours = await search(backends[name]);
  const same = Buffer.compare(ours, theirs) === 0;
  if (!same) process.exitCode = 1;
  console.log(
    `${name.padEnd(4)} ${ours.length} bytes of ticket and trained weights: ${same ? 'the same in Chromium and in Node' : 'THEY DIFFER'}`,
  );
}
