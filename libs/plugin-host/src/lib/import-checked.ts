import {
  COMPONENT_NAME,
  PLUGIN_API_VERSION,
  type Plugin,
  type PluginRecord,
  WinnowError,
  isPlugin,
  isPluginName,
} from '@winnow/plugin-api';
import { checkComponent } from './check-component.ts';
import { checkPeers } from './check-peers.ts';
import { guardComponent } from './guards/guard-component.ts';
import { importPlugin } from './import-plugin.ts';
import { type FoundPlugin, findPlugin } from './find-plugin.ts';
import { newerSource } from './newer-source.ts';

/** A plugin whose components are guarded: what fails in them is named. */
export interface LoadedPlugin extends Plugin {
  readonly record: PluginRecord;
  /** A file of its source that was changed after it was built. */
  readonly newerSource?: string;
}

/** Of entries that this process has imported, which Node imports once: SHA-256 of their code. */
const imported = new Map<string, string>();

/** Throws PLUGIN_CHANGED where what Node holds is not what lies there now. */
function assertAsImported({ place: { entry }, sha256 }: FoundPlugin, specifier: string): void {
  const before = imported.get(entry) ?? sha256;
  imported.set(entry, before);
  if (before === sha256) return;
  throw new WinnowError(
    'PLUGIN_CHANGED',
    `The code of plugin "${specifier}" has changed since this process imported it.`,
    { hint: 'Start the process anew.' },
  );
}

/** As `loadPlugin` says. */
export async function importChecked(specifier: string, from: string): Promise<LoadedPlugin> {
  const whole = await findPlugin(specifier, from);
  const { place, ...found } = whole;
  await checkPeers(place);
  assertAsImported(whole, specifier);
  const plugin = await importPlugin(place.entry, specifier);
  if (!isPlugin(plugin)) {
    throw new WinnowError('PLUGIN_LOAD', `"${specifier}" is not a Winnow plugin.`, {
      hint: 'Its default export must come from definePlugin() of @winnow/plugin-api.',
    });
  }
  const { name, apiVersion } = plugin;
  if (apiVersion !== PLUGIN_API_VERSION) {
    throw new WinnowError(
      'PLUGIN_API_VERSION',
      `Plugin "${name}" was made for plugin API ${apiVersion}; this Winnow has API ${PLUGIN_API_VERSION}.`,
      { hint: 'Install a version of the plugin, or of Winnow, that fits the other.' },
    );
  }
  if (typeof name !== 'string' || name === '' || !Array.isArray(plugin.components)) {
    throw new WinnowError('PLUGIN_LOAD', `"${specifier}" has no name, or no list of components.`, {
      hint: "Call definePlugin({ name: '…', components: [ … ] }).",
    });
  }
  if (!isPluginName(name)) {
    throw new WinnowError('BAD_NAME', `"${specifier}" cannot name its plugin "${name}".`, {
      hint: `${COMPONENT_NAME} A scope may stand before it, as in @me/stripes.`,
    });
  }
  const components = plugin.components.map((component, i) =>
    guardComponent(checkComponent(component, name, i), name),
  );
  const record = { name, ...found };
  const newer = newerSource(place);
  return { ...plugin, components, record, ...(newer === undefined ? {} : { newerSource: newer }) };
}
