import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { RunConfig } from '@winnow/experiments';
import { type ComponentRegistry, WinnowError } from '@winnow/plugin-api';
import { type LoadedPlugin, loadPlugin } from '@winnow/plugin-host';
import { type Command, Option } from 'commander';
import type { NamedRun } from './run-folders.ts';
import type { CommandSettings } from './command-settings.ts';
import type { PluginSource } from './config-file.ts';

export interface CommandContext {
  /** What the configuration file and `--plugin` name. */
  readonly plugins: readonly PluginSource[];
  /** What follows the command's name and may name a command of its own. */
  readonly words: readonly string[];
  /** What the configuration file says of the command. */
  readonly settings?: CommandSettings | undefined;
}

/** The same code from two places is one plugin. */
function distinct(plugins: readonly LoadedPlugin[]): LoadedPlugin[] {
  return [
    ...new Map(plugins.map((plugin) => [plugin.name + plugin.record.sha256, plugin])).values(),
  ];
}

async function registryOf(plugins: readonly LoadedPlugin[]): Promise<ComponentRegistry> {
  const { createContainer, REGISTRY } = await import('./container.ts');
  return createContainer(distinct(plugins)).get(REGISTRY);
}

/** What there is by name. The container, which is a third of a cold start, is left out: nothing is composed of it. */
export async function loadCatalogue(plugins: readonly PluginSource[]): Promise<ComponentRegistry> {
  const [{ BUILT_IN }, { ComponentRegistry }, loaded] = await Promise.all([
    import('./built-in.ts'),
    import('@winnow/plugin-api'),
    loadAll(plugins),
  ]);
  return new ComponentRegistry(
    [...BUILT_IN, ...distinct(loaded)].flatMap(({ components }) => components),
  );
}

async function loadAll(sources: readonly PluginSource[]): Promise<LoadedPlugin[]> {
  const plugins = await Promise.all(
    sources.map(({ specifier, from }) => loadPlugin(specifier, from)),
  );
  // A process that another one started leaves it to that one to say so.
  if (process.send) return plugins;
  for (const { name, newerSource, record } of plugins) {
    if (newerSource === undefined) continue;
    process.stderr.write(
      `note: ${newerSource} was changed after ${record.specifier} was built; until plugin "${name}" is built again, the old code counts.\n`,
    );
  }
  return plugins;
}

/** The files of plugins, for other processes to load. */
export async function pluginFiles(sources: readonly PluginSource[]): Promise<string[]> {
  return (await loadAll(sources)).map(({ record }) => record.specifier);
}

export async function loadRegistry(plugins: readonly PluginSource[]): Promise<ComponentRegistry> {
  return registryOf(await loadAll(plugins));
}

/**
 * With what runs recorded that they need, and with `plugins`, which take the place of recorded ones of the same name.
 * Throws PLUGIN_CHANGED where a run's network or data would come from other code than the run's.
 */
export async function loadRunRegistry(
  runs: readonly Pick<NamedRun, 'folder' | 'config'>[],
  plugins: readonly PluginSource[],
): Promise<ComponentRegistry> {
  const { assertNetworkUnchanged } = await import('@winnow/experiments');
  const given = await loadAll(plugins);
  const replaced = new Set(given.map(({ name }) => name));
  const recorded = runs.flatMap(({ folder, config }) =>
    config.plugins
      .filter(({ name }) => !replaced.has(name))
      .map((plugin) => recordedSource(plugin.specifier, folder.path)),
  );
  const registry = await registryOf([...given, ...(await loadAll(recorded))]);
  for (const { folder, config } of runs) assertNetworkUnchanged(config, registry, folder.path);
  return registry;
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

export function withPlugins(command: Command): Command {
  return command.addOption(
    new Option(
      '--plugin <path or package>',
      'add the components of a plugin: a file, a folder or a package; may be repeated',
    )
      .argParser((value: string, all: string[]) => [...all, value])
      .default([], 'none'),
  );
}

export function withBackend(command: Command): Command {
  return command.option(
    '--backend <name>',
    'what computes: auto takes the fastest that starts; see `winnow list backend`',
    'auto',
  );
}

/** Before a network is built, as one of a function runs it for that; `auto` where no number comes of it. */
export async function startChosenBackend(
  name: string,
  registry: ComponentRegistry,
): Promise<string> {
  const { startBackend } = await import('@winnow/tensor-backend');
  const choice = name === 'auto' ? 'auto' : registry.get('backend', name);
  return startBackend(choice, registry.all('backend'));
}

/** The backend that was chosen for work on a run, or else the one that the run was computed on. */
export function startBackendOf(
  { backend }: RunConfig,
  chosen: string,
  registry: ComponentRegistry,
): Promise<string> {
  return startChosenBackend(chosen === 'auto' ? backend : chosen, registry);
}

export function writeJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
