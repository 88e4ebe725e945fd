import type { ComponentRegistry } from '@winnow/plugin-api';
import type { LoadedPlugin } from '@winnow/plugin-host';
import { type Console, processConsole } from '../terminal/console.ts';
import type { Handler } from './handler.ts';
import type { PluginSource, RecordedRun } from './load-plugins.ts';
import type { Services } from './services.ts';

/** The plugins that a command line and a configuration file name; `none` where none is to be loaded, of records neither. */
export type NamedPlugins = readonly PluginSource[] | 'none';

/** One use of the program: its services, and the plugins that were named for it. Help needs nothing that this loads. */
export class Invocation {
  readonly console: Console;
  readonly #services: Partial<Services>;
  readonly #sources: NamedPlugins;
  #plugins: Promise<LoadedPlugin[]> | undefined;

  constructor(services: Partial<Services>, plugins: NamedPlugins) {
    this.console = services.console ?? processConsole;
    this.#services = services;
    this.#sources = plugins;
  }

  async #load(sources: readonly PluginSource[]): Promise<LoadedPlugin[]> {
    if (sources.length === 0) return [];
    const { loadPlugins } = await import('./load-plugins.ts');
    return loadPlugins(sources, this.console);
  }

  #named(): Promise<LoadedPlugin[]> {
    return (this.#plugins ??= this.#load(this.#sources === 'none' ? [] : this.#sources));
  }

  /** The files of the plugins that were named, and of others that a file asks for, for other processes to load; here they are not. */
  async pluginFiles(others: readonly PluginSource[] = []): Promise<readonly string[] | 'none'> {
    if (this.#sources === 'none') return 'none';
    const { lookUpPlugin } = await import('@winnow/plugin-host');
    const found = [...this.#sources, ...others].map(({ specifier, from }) =>
      lookUpPlugin(specifier, from),
    );
    return [...new Set((await Promise.all(found)).map(({ specifier }) => specifier))];
  }

  /** What there is by name. For parsers and lists, which need no container: it is a third of a cold start. */
  async catalogue(): Promise<ComponentRegistry> {
    const [{ BUILT_IN }, { ComponentRegistry }, plugins] = await Promise.all([
      import('./built-in.ts'),
      import('@winnow/plugin-api'),
      this.#named(),
    ]);
    return new ComponentRegistry(
      [...BUILT_IN, ...plugins].flatMap(({ components }) => components),
      plugins.map(({ record }) => record),
    );
  }

  /**
   * Makes a handler of what is built in, of the plugins that were named, and of those that runs recorded, unless ones of the
   * same name take their place; and of others that a file asks for. Throws what `loadPlugin`, `recordedSources` and
   * `compose` do.
   */
  async compose<T>(
    handler: Handler<T>,
    runs: readonly RecordedRun[] = [],
    others: readonly PluginSource[] = [],
  ): Promise<T> {
    const named = await this.#withOthers(await this.#named(), others);
    if (this.#sources === 'none' || runs.length === 0)
      return this.#make(handler, named, runs, others);
    const { distinctPlugins, recordedSources } = await import('./load-plugins.ts');
    const isNamed = ({ name }: { name: string }) => named.some((one) => one.name === name);
    const recorded = await this.#load(await recordedSources(runs, isNamed));
    return this.#make(handler, distinctPlugins([...named, ...recorded]), runs, others);
  }

  async #withOthers(
    named: readonly LoadedPlugin[],
    others: readonly PluginSource[],
  ): Promise<readonly LoadedPlugin[]> {
    if (this.#sources === 'none' || others.length === 0) return named;
    const { distinctPlugins } = await import('./load-plugins.ts');
    return distinctPlugins([...named, ...(await this.#load(others))]);
  }

  /**
   * Makes a handler of what is built in, and of the plugins that the command line names: for commands that only look, to
   * which a configuration file says nothing of code.
   */
  async composeToLook<T>(handler: Handler<T>): Promise<T> {
    const asked = this.#sources === 'none' ? [] : this.#sources;
    return this.#make(handler, await this.#load(asked.filter(({ asker }) => !asker)), []);
  }

  /** Makes a handler of what is built in alone. */
  composeBuiltIn<T>(handler: Handler<T>): Promise<T> {
    return this.#make(handler, [], []);
  }

  async #make<T>(
    handler: Handler<T>,
    plugins: readonly LoadedPlugin[],
    runs: readonly RecordedRun[],
    others: readonly PluginSource[] = [],
  ): Promise<T> {
    const [{ withDefaults }, { compose }, files] = await Promise.all([
      import('./default-services.ts'),
      import('./container.ts'),
      this.pluginFiles(others),
    ]);
    return compose(handler, { services: withDefaults(this.#services), plugins, runs, files });
  }
}
