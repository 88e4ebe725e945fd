import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { RunConfig, RunFolder } from '@winnow/experiments';
import { WinnowError } from '@winnow/plugin-api';
import { type LoadedPlugin, loadPlugin } from '@winnow/plugin-host';
import type { Console } from '../terminal/console.ts';

/** A plugin, and the folder that a relative path or a package's name is seen from. */
export interface PluginSource {
  readonly specifier: string;
  readonly from: string;
}

/** A run as its folder describes it. */
export interface RecordedRun {
  readonly folder: RunFolder;
  readonly config: RunConfig;
}

/** The same code from two places is one plugin. */
export function distinctPlugins(plugins: readonly LoadedPlugin[]): LoadedPlugin[] {
  return [
    ...new Map(plugins.map((plugin) => [plugin.name + plugin.record.sha256, plugin])).values(),
  ];
}

/** Loads plugins, and says where code is older than its source. */
export async function loadPlugins(
  sources: readonly PluginSource[],
  console: Console,
): Promise<LoadedPlugin[]> {
  const plugins = await Promise.all(
    sources.map(({ specifier, from }) => loadPlugin(specifier, from)),
  );
  for (const { name, newerSource, record } of plugins) {
    if (newerSource === undefined) continue;
    console.notes.write(
      `note: ${newerSource} was changed after ${record.specifier} was built; until plugin "${name}" is built again, the old code counts.\n`,
    );
  }
  return distinctPlugins(plugins);
}

/** Where the plugins are that runs recorded, beside those that `given` ones take the place of. Throws PLUGIN_LOAD. */
export function recordedSources(
  runs: readonly RecordedRun[],
  given: readonly LoadedPlugin[],
): PluginSource[] {
  const replaced = new Set(given.map(({ name }) => name));
  return runs.flatMap(({ folder, config }) =>
    config.plugins
      .filter(({ name }) => !replaced.has(name))
      .map(({ specifier }) => recordedSource(specifier, folder.path)),
  );
}

function recordedSource(specifier: string, run: string): PluginSource {
  if (!isAbsolute(specifier) || existsSync(specifier)) return { specifier, from: process.cwd() };
  throw new WinnowError(
    'PLUGIN_LOAD',
    `A plugin of the run in ${run} is no longer at ${specifier}.`,
    {
      hint: 'Build it again, or say with --plugin where it is now.',
    },
  );
}
