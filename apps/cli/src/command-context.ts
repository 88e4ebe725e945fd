import type { RunConfig } from '@winnow/experiments';
import { type ComponentRegistry, loadPlugin } from '@winnow/plugin-api';
import { Option, type Command } from 'commander';

export interface CommandContext {
  /** What `--plugin` names. */
  readonly plugins: readonly string[];
  /** Whether this command is the one on the command line. */
  readonly wanted: boolean;
}

export async function loadRegistry(plugins: readonly string[]): Promise<ComponentRegistry> {
  const { createContainer, REGISTRY } = await import('./container.ts');
  const loaded = await Promise.all(plugins.map((specifier) => loadPlugin(specifier)));
  return createContainer(loaded).get(REGISTRY);
}

/** What runs recorded that they need, and what `--plugin` names. */
export function loadRunRegistry(
  configs: readonly Pick<RunConfig, 'plugins'>[],
  plugins: readonly string[],
): Promise<ComponentRegistry> {
  return loadRegistry([...new Set([...configs.flatMap((config) => config.plugins), ...plugins])]);
}

export function withPlugins(command: Command): Command {
  return command.addOption(
    new Option('--plugin <package or file>', 'add the components of a plugin; may be repeated')
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

export async function startChosenBackend(
  name: string,
  registry: ComponentRegistry,
): Promise<string> {
  const { startBackend } = await import('@winnow/tensor-backend');
  const choice = name === 'auto' ? 'auto' : registry.get('backend', name);
  return startBackend(choice, registry.all('backend'));
}

export function writeJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
