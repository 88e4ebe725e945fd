import { resolve } from 'node:path';
import { type PluginRecord, WinnowError, isWinnowError } from '@winnow/plugin-api';
import { hashModules } from './hash-modules.ts';
import { type PluginPlace, locatePlugin } from './locate-plugin.ts';

/** A plugin that was looked up and not run. */
export interface FoundPlugin extends Omit<PluginRecord, 'name'> {
  readonly place: PluginPlace;
}

const PACKAGE = /^(@[\w.-]+\/)?[\w.-]+$/;

function locate(specifier: string, from: string): PluginPlace {
  try {
    return locatePlugin(specifier, from);
  } catch (cause) {
    if (isWinnowError(cause)) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT' || code === 'ERR_MODULE_NOT_FOUND';
    const isPath = /^[./]|\.[cm]?[jt]s$/.test(specifier) || !PACKAGE.test(specifier);
    if (isMissing && isPath) {
      throw new WinnowError('PLUGIN_LOAD', `There is no plugin at ${resolve(from, specifier)}.`, {
        hint: 'Check the path.',
        cause,
      });
    }
    // Resolution names a file that asks, and here nobody but the user does.
    const reason = message.split('\n')[0]!.replace(/ imported from .*/, '');
    const problem = isMissing
      ? `There is no plugin "${specifier}": neither a file, nor a package that is installed here`
      : `Cannot load plugin "${specifier}" (${reason})`;
    throw new WinnowError('PLUGIN_LOAD', `${problem}.`, {
      hint: isPath ? 'Check the path.' : `Install it: cd ${from} && npm i ${specifier}`,
      cause,
    });
  }
}

/** Throws PLUGIN_LOAD where the entry cannot be read. */
async function hashOf({ entry }: PluginPlace, specifier: string): Promise<string> {
  try {
    return await hashModules(entry);
  } catch (cause) {
    const problem = `Cannot read ${entry} of plugin "${specifier}" (${(cause as Error).message}).`;
    throw new WinnowError('PLUGIN_LOAD', problem, {
      hint: 'Give a file that you may read.',
      cause,
    });
  }
}

/**
 * Looks a plugin up as `loadPlugin` does, and reads its code without running it. Throws PLUGIN_LOAD where there is none, or
 * where it cannot be read.
 */
export async function findPlugin(specifier: string, from: string): Promise<FoundPlugin> {
  const place = locate(specifier, from);
  const version = place.owner?.manifest.version;
  const sha256 = await hashOf(place, specifier);
  return { place, specifier: place.entry, ...(version ? { version } : {}), sha256 };
}
