import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The module whose `found` is the search on a backend. */
export const searchOn = (backend) => `import { ${backend} } from '@winnow/tensor-backend';
import { search } from './search.mjs';
export const found = search(${backend});`;

/** Bundles a module of this folder, given as text, with all that it imports, as small as it gets for a browser. */
export async function bundle(module, { external = [] } = {}) {
  const resolveDir = dirname(fileURLToPath(import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents: module, resolveDir },
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    external,
    write: false,
  });
  return outputFiles[0].contents;
}
