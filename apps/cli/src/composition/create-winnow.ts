import { type ExportedRun, exportRun, requireRun, startBackendOf } from '@winnow/experiments';
import type { ComponentRegistry } from '@winnow/plugin-api';
import { handler } from './handler.ts';
import { Invocation } from './invocation.ts';
import type { ReadyRun, Runner } from './runner.ts';
import type { Services } from './services.ts';
import { REGISTRY, RUNNER } from './tokens.ts';

export interface WinnowSetting {
  /** Files, folders or packages, as seen from the current folder. */
  readonly plugins?: readonly string[];
  /** In place of the process's own; nobody watches a run, unless told so. */
  readonly services?: Partial<Services>;
}

/** What the program does with runs, for other programs: in this process, one run at a time. */
export interface Winnow extends Pick<Runner, 'plan' | 'search' | 'run'> {
  readonly registry: ComponentRegistry;
  /** A run as its folder describes it, to go on with. Throws NOT_A_RUN, and what `Runner.reopen` does. */
  reopen(folder: string): Promise<ReadyRun>;
  /** Writes the network of a finished run in the format of this name. Throws UNKNOWN_NAME, and what `exportRun` does. */
  export(
    run: Pick<ReadyRun, 'folder' | 'config'>,
    format: string,
    out?: string,
  ): Promise<ExportedRun>;
}

const winnow = handler([REGISTRY, RUNNER], (registry, runner): Winnow => ({
  ...runner,
  registry,
  reopen: async (folder) => runner.reopen(await requireRun(folder)),
  export: ({ folder, config }, format, out) =>
    exportRun(folder, config, {
      registry,
      exporter: registry.get('exporter', format),
      out,
      startBackend: () => startBackendOf(config, 'auto', registry),
      onProgress: () => {},
    }),
}));

/**
 * Winnow without its command line: what is built in and what these plugins bring, over these services. Throws what
 * `loadPlugin` does, and DUPLICATE_NAME.
 */
export async function createWinnow({
  plugins = [],
  services,
}: WinnowSetting = {}): Promise<Winnow> {
  const from = process.cwd();
  const sources = plugins.map((specifier) => ({ specifier, from }));
  return new Invocation({ observers: [], ...services }, sources).compose(winnow);
}
