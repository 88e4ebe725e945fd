import type { ComponentRegistry } from '@winnow/plugin-api';
import type { LoadedPlugin } from '@winnow/plugin-host';
import { type Console, processConsole } from '../terminal/console.ts';
import type { Handler } from './handler.ts';
import type { PluginSource, RecordedRun } from './load-plugins.ts';
import type { Services } from './services.ts';

/** One use of the program: its services, and the plugins that were named for it. Help needs nothing that this loads. */
export class Invocation {
  readonly console: Console;
  readonly #services: Partial<Services>;
  readonly #sources: readonly PluginSource[];
  #plugins: Promise<LoadedPlugin[]> | undefined;

  constructor(services: Partial<Services>, plugins: readonly PluginSource[]) {
    this.console = services.console ?? processConsole;
    this.#services = services;
    this.#sources = plugins;
  }

  async #load(sources: readonly PluginSource[]): Promise<LoadedPlugin[]> {
    const { loadPlugins } = await import('./load-plugins.ts');
    return loadPlugins(sources, this.console);
  }

  #named(): Promise<LoadedPlugin[]> {
    return (this.#plugins ??= this.#load(this.#sources));
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
   * same name take their place. Throws what `loadPlugin` and `compose` do.
   */
  async compose<T>(handler: Handler<T>, runs: readonly RecordedRun[] = []): Promise<T> {
    const [{ distinctPlugins, recordedSources }, { withDefaults }, { compose }, named] =
      await Promise.all([
        import('./load-plugins.ts'),
        import('./default-services.ts'),
        import('./container.ts'),
        this.#named(),
      ]);
    const recorded = await this.#load(recordedSources(runs, named));
    const plugins = distinctPlugins([...named, ...recorded]);
    return compose(handler, { services: withDefaults(this.#services), plugins, runs });
  }
}
