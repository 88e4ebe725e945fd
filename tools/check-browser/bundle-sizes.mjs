// How large bundles for a browser are, minified, and by gzip:
//   node tools/check-browser/bundle-sizes.mjs
import { gzipSync } from 'node:zlib';
import { bundle, searchOn } from './bundle.mjs';

const TFJS = ['@tensorflow/*'];
const MODULES = {
  'search, training, evaluation on cpu': [searchOn('cpu')],
  '… without TensorFlow.js': [searchOn('cpu'), { external: TFJS }],
  'search, training, evaluation on wasm': [searchOn('wasm')],
  'tickets: read and write': [`export { decodeTicket, encodeTicket } from '@winnow/tickets';`],
  'ONNX: write': [`export { encodeOnnx } from '@winnow/exchange';`],
};

for (const [name, how] of Object.entries(MODULES)) {
  const code = await bundle(...how);
  const [all, packed] = [code, gzipSync(code, { level: 9 })].map(({ length }) => length / 1000);
  console.log(
    `${name.padEnd(38)} ${all.toFixed(1).padStart(6)} kB ${packed.toFixed(1).padStart(6)} kB`,
  );
}
