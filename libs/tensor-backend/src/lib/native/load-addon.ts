import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WinnowError } from '@winnow/plugin-api';

const require = createRequire(import.meta.url);
/** The same from `src/lib/native` and from `dist/lib/native`. */
const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * The engine's addon: the file that WINNOW_ENGINE names, else what was built in the clone (build/Release), else a
 * prebuilt one for this platform (prebuilds); none where that is "none". Throws BACKEND_UNAVAILABLE, or INVALID_ENGINE for a
 * file that was named.
 */
export function loadAddon(): unknown {
  const chosen = process.env['WINNOW_ENGINE'];
  if (chosen === 'none') {
    throw new WinnowError('BACKEND_UNAVAILABLE', 'WINNOW_ENGINE says to use no native engine.', {
      hint: 'Unset it, or use another backend.',
    });
  }
  try {
    if (chosen) return require(resolve(chosen));
    const load = require('node-gyp-build') as (folder: string) => unknown;
    return load(PACKAGE);
  } catch (cause) {
    const reason = String((cause as Error).message).split('\n')[0];
    if (chosen) {
      throw new WinnowError(
        'INVALID_ENGINE',
        `WINNOW_ENGINE is "${chosen}", which does not load (${reason}).`,
        { hint: 'Give the path of an engine for this platform, or unset it.', cause },
      );
    }
    throw new WinnowError('BACKEND_UNAVAILABLE', `The native engine does not load (${reason}).`, {
      hint: 'Use the wasm backend; or, in the clone, install a C++ compiler and run `node tools/build-engine.mjs`.',
      cause,
    });
  }
}
