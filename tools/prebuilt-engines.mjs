// Which engines @winnow/tensor-backend must hold before it is published. Run by itself, it fails when some are missing.
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PREBUILDS = fileURLToPath(new URL('../libs/tensor-backend/prebuilds/', import.meta.url));
/** As prebuild-engine.mjs writes them; prebuild.yml builds each. */
const ENGINES = [
  'linux-x64/winnow_engine.napi.glibc.node',
  'linux-x64/winnow_engine.napi.musl.node',
  'linux-arm64/winnow_engine.napi.glibc.node',
  'darwin-x64/winnow_engine.napi.node',
  'darwin-arm64/winnow_engine.napi.node',
];

/** A sentence on those that are missing, or undefined. */
export function missingEngines() {
  const missing = ENGINES.filter((file) => !existsSync(`${PREBUILDS}${file}`));
  if (missing.length === 0) return undefined;
  return `libs/tensor-backend/prebuilds lacks ${missing.length} of ${ENGINES.length} engines (${missing.join(', ')}); where one is missing, \`wasm\` would serve.`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const missing = missingEngines();
  if (missing) {
    console.error(`${missing} The workflow prebuild builds them all.`);
    process.exit(1);
  }
}
