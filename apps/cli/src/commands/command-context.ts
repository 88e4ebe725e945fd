import type { ComponentRegistry } from '@winnow/plugin-api';
import type { Handler } from '../composition/handler.ts';
import type { Invocation } from '../composition/invocation.ts';
import type { PluginSource, RecordedRun } from '../composition/load-plugins.ts';
import type { CommandSettings } from '../flags/command-settings.ts';
import type { Console } from '../terminal/console.ts';

/** What carries a command out, given its arguments and its flags. */
export type Action<A extends readonly unknown[]> = (...args: A) => Promise<void> | void;

/** What a command's parser is built with. */
export class CommandContext {
  /** What follows the command's name and may name a command of its own. */
  readonly words: readonly string[];
  /** What the configuration file says of the command. */
  readonly settings: CommandSettings | undefined;
  readonly #invocation: Invocation;

  constructor(
    invocation: Invocation,
    words: readonly string[],
    settings: CommandSettings | undefined,
  ) {
    this.#invocation = invocation;
    this.words = words;
    this.settings = settings;
  }

  /** That of a command within this one. */
  within(words: readonly string[], settings: CommandSettings | undefined): CommandContext {
    return new CommandContext(this.#invocation, words, settings);
  }

  /** What there is by name, for options that depend on it. */
  catalogue(): Promise<ComponentRegistry> {
    return this.#invocation.catalogue();
  }

  /** What commander calls: composes the handler, with the plugins of the runs that the arguments name, and lets it act. */
  action<A extends readonly unknown[]>(
    handler: Handler<Action<A>>,
    runsOf: (...args: A) => Promise<readonly RecordedRun[]> = () => Promise.resolve([]),
  ): (...args: A) => Promise<void> {
    return async (...args) => {
      const act = await this.#invocation.compose(handler, await runsOf(...args));
      await act(...args);
    };
  }

  /** The same of a command whose first argument is a file that asks for plugins. */
  actionOnFile<A extends readonly [path: string, ...rest: unknown[]]>(
    handler: Handler<Action<A>>,
    sourcesIn: (path: string) => readonly PluginSource[],
  ): (...args: A) => Promise<void> {
    return async (...args) => {
      const act = await this.#invocation.compose(handler, [], sourcesIn(args[0]));
      await act(...args);
    };
  }

  /** Folders of runs as they are given; the file of a study stands for those of its runs that are there. */
  async runFolders(paths: readonly string[]): Promise<string[]> {
    const isStudy = (path: string) => /\.ya?ml$/.test(path);
    if (!paths.some(isStudy)) return [...paths];
    const [{ studyRuns }, { pluginsOfStudy, readStudy }] = await Promise.all([
      import('../composition/study-runs.ts'),
      import('../flags/study-file.ts'),
    ]);
    const folders: string[] = [];
    for (const path of paths) {
      if (!isStudy(path)) {
        folders.push(path);
        continue;
      }
      const sources = pluginsOfStudy(readStudy(path));
      const find = await this.#invocation.compose(studyRuns, [], sources);
      folders.push(...(await find(path)));
    }
    return folders;
  }

  /** The same of a command that needs no plugin, and whose first argument says which runs. */
  onRuns<A extends readonly unknown[]>(
    handler: Handler<Action<readonly [folders: string[], ...rest: A]>>,
  ): (paths: string[], ...rest: A) => Promise<void> {
    return async (paths, ...rest) => {
      const folders = await this.runFolders(paths);
      await this.builtIn(handler)(folders, ...rest);
    };
  }

  /** The same of a command that only looks, for which no plugin is loaded but what the command line names. */
  looking<A extends readonly unknown[]>(
    handler: Handler<Action<A>>,
  ): (...args: A) => Promise<void> {
    return async (...args) => {
      const act = await this.#invocation.composeToLook(handler);
      await act(...args);
    };
  }

  /** The same of a handler that needs no plugin. */
  builtIn<A extends readonly unknown[]>(
    handler: Handler<Action<A>>,
  ): (...args: A) => Promise<void> {
    return async (...args) => {
      const act = await this.#invocation.composeBuiltIn(handler);
      await act(...args);
    };
  }

  /** For commands that need nothing composed. */
  get console(): Console {
    return this.#invocation.console;
  }
}
