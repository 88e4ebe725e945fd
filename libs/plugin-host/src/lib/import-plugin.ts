import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { env } from '@tensorflow/tfjs-core';
import { WinnowError } from '@winnow/plugin-api';
import { rememberFiles } from './at-fault.ts';
import { reasonOf } from './guards/reason-of.ts';
import { foldersUp, readPackage } from './locate-plugin.ts';
import { syntaxPlace } from './syntax-place.ts';

/** The package that an import failed to find, and the folder to install it in. */
function missingPackage({
  code,
  message = '',
}: NodeJS.ErrnoException): { name: string; folder: string } | undefined {
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return undefined;
  const [, specifier, importer] =
    /Cannot find package '([^']+)' imported from (\S.*)/.exec(message) ??
    /Cannot find module '([^'./][^']*)'\nRequire stack:\n- (\S.*)/.exec(message) ??
    [];
  if (specifier === undefined || importer === undefined) return undefined;
  const file = importer.startsWith('file:') ? fileURLToPath(importer) : importer;
  const from = dirname(file);
  return {
    // Newer versions of Node name the package's folder.
    name: /^(?:.*\/node_modules\/)?((?:@[^/]+\/)?[^/]+)/.exec(specifier)![1]!,
    folder: [...foldersUp(from)].find((folder) => readPackage(folder)) ?? from,
  };
}

/** Node has a SyntaxError for these too. */
const NO_EXPORT = /does not provide an export named|^Named export .* not found/;

const UNSETTLED = 'its top-level await never settles';

/** What an import gives; rejects where the process has nothing left to do that could settle it. */
async function settled<T>(imported: Promise<T>): Promise<T> {
  let giveUp!: () => void;
  const given = new Promise<never>((_, reject) => {
    giveUp = () => reject(new Error(UNSETTLED));
  });
  process.once('beforeExit', giveUp);
  try {
    return await Promise.race([imported, given]);
  } finally {
    process.off('beforeExit', giveUp);
  }
}

let imports = 0;
let quietBefore = false;

/** Without the warning of a second copy of TensorFlow.js, which is harmless, that it meets the first. */
async function importQuietly(entry: string): Promise<{ readonly default?: unknown }> {
  if (imports++ === 0) quietBefore = env().getBool('PROD');
  env().set('PROD', true);
  try {
    return await settled(import(pathToFileURL(entry).href) as Promise<{ default?: unknown }>);
  } finally {
    if (--imports === 0) env().set('PROD', quietBefore);
  }
}

/** Imports the file of a plugin. Throws PLUGIN_PEER where a package is missing, PLUGIN_LOAD where it fails otherwise. */
export async function importPlugin(entry: string, specifier: string): Promise<unknown> {
  try {
    await rememberFiles(entry, specifier);
    return (await importQuietly(entry)).default;
  } catch (cause) {
    // A plugin may throw null, which has no fields.
    const error = (cause ?? new Error(String(cause))) as NodeJS.ErrnoException;
    const missing = missingPackage(error);
    if (missing) {
      throw new WinnowError(
        'PLUGIN_PEER',
        `Plugin "${specifier}" imports ${missing.name}, which is not installed.`,
        { hint: `Install it: cd ${missing.folder} && npm i ${missing.name}`, cause },
      );
    }
    const place = error.name === 'SyntaxError' && (await syntaxPlace(entry, error));
    const [reason] = reasonOf(error).split('\n');
    const uncompiled = error.code === 'ERR_UNKNOWN_FILE_EXTENSION';
    if (place) {
      const problem = NO_EXPORT.test(reason!) ? 'imports what is not exported' : 'is no JavaScript';
      throw new WinnowError(
        'PLUGIN_LOAD',
        `Plugin "${specifier}" ${problem} at ${place} (${reason}).`,
        { hint: 'Mend the line.', cause },
      );
    }
    throw new WinnowError('PLUGIN_LOAD', `Cannot load plugin "${specifier}" (${reason}).`, {
      hint: uncompiled
        ? 'Compile it to JavaScript, and give that, or the folder of its package.'
        : reason === UNSETTLED
          ? 'Await there only what comes, or begin it in a component.'
          : 'It failed while it was imported; WINNOW_DEBUG=1 tells where.',
      cause,
    });
  }
}
