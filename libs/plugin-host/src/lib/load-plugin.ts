import type { FoundPlugin } from './find-plugin.ts';
import type { LoadedPlugin } from './import-checked.ts';

/**
 * Imports a plugin: a file, the folder of a package, or a package's name, each as seen from the folder `from`. Throws
 * PLUGIN_LOAD when it can't be imported, is no plugin, or a component of it is malformed; BAD_NAME; PLUGIN_PEER when a package that
 * it needs is missing or of another version; PLUGIN_API_VERSION when it was made for another API; PLUGIN_CHANGED when this
 * process has imported other code of it.
 */
export async function loadPlugin(specifier: string, from = process.cwd()): Promise<LoadedPlugin> {
  // Many files, for those alone who have plugins.
  const { importChecked } = await import('./import-checked.ts');
  return importChecked(specifier, from);
}

/** Finds a plugin as `loadPlugin` does, with the hash of its code, and runs nothing of it. Throws PLUGIN_LOAD. */
export async function lookUpPlugin(
  specifier: string,
  from = process.cwd(),
): Promise<Omit<FoundPlugin, 'place'>> {
  const { findPlugin } = await import('./find-plugin.ts');
  const { place, ...found } = await findPlugin(specifier, from);
  return found;
}
