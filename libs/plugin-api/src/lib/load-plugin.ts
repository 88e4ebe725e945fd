import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { resolve as resolveModule } from 'import-meta-resolve';
import { PLUGIN_API_VERSION, type Plugin, isPlugin } from './plugin.ts';
import { WinnowError } from './winnow-error.ts';

/**
 * Imports a plugin: a file, or a package resolved from `from` rather than from this package's own folder.
 * Throws PLUGIN_LOAD when it can't be imported or is no plugin, PLUGIN_API_VERSION when it was made for another API.
 */
export async function loadPlugin(specifier: string, from = process.cwd()): Promise<Plugin> {
  const path = resolve(from, specifier);
  let module: { default?: unknown };
  try {
    // A folder may have the name of a package that is installed beside it.
    const url = statSync(path, { throwIfNoEntry: false })?.isFile()
      ? pathToFileURL(path).href
      : resolveModule(specifier, pathToFileURL(`${from}/`).href);
    module = (await import(url)) as { default?: unknown };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new WinnowError('PLUGIN_LOAD', `Cannot load plugin "${specifier}" (${reason}).`, {
      hint: /^[./]|\.[cm]?[jt]s$/.test(specifier)
        ? 'Check the path, and that what the file imports is installed.'
        : `Install it where you are: npm i ${specifier}`,
      cause,
    });
  }
  const plugin = module.default;
  if (!isPlugin(plugin)) {
    throw new WinnowError('PLUGIN_LOAD', `"${specifier}" is not a Winnow plugin.`, {
      hint: 'Its default export must come from definePlugin() of @winnow/plugin-api.',
    });
  }
  if (plugin.apiVersion !== PLUGIN_API_VERSION) {
    throw new WinnowError(
      'PLUGIN_API_VERSION',
      `Plugin "${plugin.name}" was made for plugin API ${plugin.apiVersion}; this Winnow has API ${PLUGIN_API_VERSION}.`,
      { hint: 'Install a version of the plugin, or of Winnow, that fits the other.' },
    );
  }
  return plugin;
}
