import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, sep } from 'node:path';
import { type RunConfig, type RunFolder, assertPluginsUnchanged } from '@winnow/experiments';
import { WinnowError } from '@winnow/plugin-api';
import { type LoadedPlugin, loadPlugin, lookUpPlugin } from '@winnow/plugin-host';
import { type Console, note } from '../terminal/console.ts';
import { tellExits } from '../terminal/tell-exits.ts';

/** A plugin, and the folder that a relative path or a package's name is seen from. */
export interface PluginSource {
  readonly specifier: string;
  readonly from: string;
  /** Who asks for it, where it is not the command line. */
  readonly asker?: string;
}

/** A run as its folder describes it. */
export interface RecordedRun {
  readonly folder: RunFolder;
  readonly config: RunConfig;
}

/** The same code from two places is one plugin. Throws DUPLICATE_NAME where other code has the same name. */
export function distinctPlugins(plugins: readonly LoadedPlugin[]): LoadedPlugin[] {
  const byName = new Map<string, LoadedPlugin>();
  for (const plugin of plugins) {
    const known = byName.get(plugin.name) ?? plugin;
    if (known.record.sha256 !== plugin.record.sha256) {
      throw new WinnowError(
        'DUPLICATE_NAME',
        `Two plugins are named "${plugin.name}": ${known.record.specifier} and ${plugin.record.specifier}.`,
        { hint: 'Leave one of them out, or rename it.' },
      );
    }
    byName.set(plugin.name, known);
  }
  return [...byName.values()];
}

const PATIENCE_SECONDS = 10;

/** Loads one, and says so where that takes long: nothing else tells of an `await` that waits in vain. */
async function loadPatiently({ specifier, from }: PluginSource, console: Console) {
  const tell = () =>
    note(
      console,
      `plugin "${specifier}" has been loading for ${PATIENCE_SECONDS} seconds: this machine is busy, or its top-level await never settles. Ctrl-C ends this.`,
    );
  const timer = setTimeout(tell, 1000 * PATIENCE_SECONDS).unref();
  try {
    return await loadPlugin(specifier, from);
  } finally {
    clearTimeout(timer);
  }
}

/** Loads plugins; says of those that the command line does not name who asks for them, and where code is older than its source. */
export async function loadPlugins(
  sources: readonly PluginSource[],
  console: Console,
): Promise<LoadedPlugin[]> {
  tellExits();
  const loaded = await Promise.all(
    sources.map(async (source) => ({
      ...source,
      plugin: await loadPatiently(source, console),
    })),
  );
  const asked = loaded.filter(({ asker }) => asker !== undefined);
  if (asked.length > 0) {
    const told = asked.map(({ asker, plugin: { name, record } }) => {
      return `"${name}" from ${record.specifier}, as ${asker!} asks for`;
    });
    note(console, `loaded ${told.join('; ')}`);
  }
  for (const { newerSource, record, name } of loaded.map(({ plugin }) => plugin)) {
    if (newerSource === undefined) continue;
    note(
      console,
      `${newerSource} was changed after ${record.specifier} was built; until plugin "${name}" is built again, the old code counts.`,
    );
  }
  return distinctPlugins(loaded.map(({ plugin }) => plugin));
}

type RecordedPlugin = RunConfig['plugins'][number];

/**
 * Where the plugins are that runs recorded, beside those that named ones take the place of; their code is read, and not
 * run. Throws PLUGIN_LOAD, and PLUGIN_CHANGED where it is not the code that the run recorded.
 */
export async function recordedSources(
  runs: readonly RecordedRun[],
  isReplaced: (plugin: RecordedPlugin) => boolean,
): Promise<PluginSource[]> {
  const sources: PluginSource[] = [];
  for (const { folder, config } of runs) {
    for (const { name, specifier } of config.plugins.filter((one) => !isReplaced(one))) {
      const from = process.cwd();
      if (isAbsolute(specifier) && !existsSync(specifier)) throw lost(specifier, folder.path);
      const found = await lookUpPlugin(specifier, from);
      assertOutside(found.specifier, folder.path);
      assertPluginsUnchanged(config, [{ name, ...found }], folder.path);
      sources.push({ specifier: found.specifier, from, asker: `the run in ${folder.path}` });
    }
  }
  return sources;
}

/**
 * Refuses runs whose plugins `recordedSources` would not take, for work on runs like them that lie in other folders, where
 * a plugin within the given run's no longer looks like one. Throws what that does.
 */
export async function assertRecordedPlugins(
  runs: readonly RecordedRun[],
  files: readonly string[] | 'none',
): Promise<void> {
  if (files === 'none') return;
  const named = await Promise.all(files.map((file) => lookUpPlugin(file)));
  await recordedSources(runs, ({ sha256 }) => named.some((one) => one.sha256 === sha256));
}

function lost(specifier: string, run: string): WinnowError {
  return new WinnowError(
    'PLUGIN_LOAD',
    `A plugin of the run in ${run} is no longer at ${specifier}.`,
    { hint: 'Build it again, or say with --plugin where it is now.' },
  );
}

/** A run folder that somebody sends must bring no code of its own. */
function assertOutside(specifier: string, run: string): void {
  const folder = existsSync(run) ? realpathSync(run) : run;
  if (!specifier.startsWith(folder + sep)) return;
  throw new WinnowError(
    'PLUGIN_LOAD',
    `The run in ${run} asks for a plugin that lies in its own folder: ${specifier}.`,
    { hint: 'If you trust it, name it: --plugin takes the path.' },
  );
}
