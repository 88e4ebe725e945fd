import { resolve } from 'node:path';
import { type PluginRecord, WinnowError, isWinnowError } from '@winnow/plugin-api';
import { hashModules } from './hash-modules.ts';
import { type PluginPlace, locatePlugin } from './locate-plugin.ts';

/** A plugin that was looked up and not run. */
export interface FoundPlugin extends Omit<PluginRecord, 'name'> {
  readonly place: PluginPlace;
}

function locate(specifier: string, from: string): PluginPlace {
  try {
    return locatePlugin(specifier, from);
  } catch (cause) {
    if (isWinnowError(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    const isPath = /^[./]|\.[cm]?[jt]s$/.test(specifier);
    if (isPath && (cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new WinnowError('PLUGIN_LOAD', `There is no plugin at ${resolve(from, specifier)}.`, {
        hint: 'Check the path.',
        cause,
      });
    }
    throw new WinnowError('PLUGIN_LOAD', `Cannot load plugin "${specifier}" (${reason}).`, {
      hint: isPath ? 'Check the path.' : `Install it: cd ${from} && npm i ${specifier}`,
      cause,
    });
  }
}

/**
 * Looks a plugin up as `loadPlugin` does, and reads its code without running it. Throws PLUGIN_LOAD where there is none.
 */
export async function findPlugin(specifier: string, from: string): Promise<FoundPlugin> {
  const place = locate(specifier, from);
  const version = place.owner?.manifest.version;
  const sha256 = await hashModules(place.entry);
  return { place, specifier: place.entry, ...(version ? { version } : {}), sha256 };
}
