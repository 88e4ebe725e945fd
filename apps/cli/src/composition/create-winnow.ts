import { type ExportedRun, exportRun, requireRun } from '@winnow/experiments';
import { type ComponentRegistry, WinnowError, suggestName } from '@winnow/plugin-api';
import { handler } from './handler.ts';
import { Invocation } from './invocation.ts';
import type { ReadyRun, RunWish, Runner } from './runner.ts';
import type { Services } from './services.ts';
import { OPEN_DATASET, REGISTRY, RUNNER } from './tokens.ts';
import { inTurn } from './turn.ts';

export interface WinnowSetting {
  /** Files, folders or packages, as seen from the current folder. */
  readonly plugins?: readonly string[];
  /** In place of the process's own; Ctrl-C is the caller's, unless told otherwise. */
  readonly services?: Partial<Omit<Services, 'execute' | 'progress'>>;
}

/** What the program does with runs, for other programs: in this process, one thing after another. */
export interface Winnow extends Pick<Runner, 'plan' | 'start' | 'search' | 'run'> {
  readonly registry: ComponentRegistry;
  /**
   * A run as its folder describes it, to go on with by the plugins that were named here. Throws NOT_A_RUN, and what
   * `Runner.reopen` does.
   */
  reopen(folder: string): Promise<ReadyRun>;
  /** Writes the network of a finished run in the format of this name. Throws UNKNOWN_NAME, and what `exportRun` does. */
  export(folder: string, format: string, out?: string): Promise<ExportedRun>;
}

/** What `Runner.plan` heeds. */
const KNOWN = (
  'method objective model dataset density leaveOut layerDensities seed start rewindEpochs startWeights epochs ' +
  'learningRate batchSize weightDecay recipe fineTune fineTuneEpochs fineTuneLearningRate fineTuneSchedule ' +
  'validateEvery options backend'
).split(' ');

/** A wish may come from outside, where names are misspelt. */
function assertKnown(wish: RunWish): void {
  if (typeof (wish as Partial<RunWish> | undefined)?.dataset !== 'string') {
    throw new WinnowError('INVALID_OPTION', 'A run needs a data set.', {
      hint: 'Give { dataset: NAME, … }.',
    });
  }
  const stray = Object.keys(wish).find((name) => !KNOWN.includes(name));
  if (stray === undefined) return;
  throw new WinnowError('INVALID_OPTION', `A run has no "${stray}".`, {
    hint: `${suggestName(stray, KNOWN)} Options of methods and data sets go into "options".`,
  });
}

const winnow = handler([REGISTRY, RUNNER, OPEN_DATASET], (registry, runner, open): Winnow => ({
  ...runner,
  registry,
  plan: async (wish, place) => {
    assertKnown(wish);
    return runner.plan(wish, place);
  },
  reopen: async (folder) => runner.reopen(await requireRun(folder)),
  export: async (path, format, out) => {
    const { folder, config } = await requireRun(path);
    const exporter = registry.get('exporter', format);
    return inTurn(() =>
      exportRun(folder, config, { registry, exporter, out, open, onProgress: () => {} }),
    );
  },
}));

/**
 * Winnow without its command line: what is built in and what these plugins bring, over these services. Throws what
 * `loadPlugin` does, and DUPLICATE_NAME.
 */
export async function createWinnow({
  plugins = [],
  services = {},
}: WinnowSetting = {}): Promise<Winnow> {
  const from = process.cwd();
  const sources = plugins.map((specifier) => ({ specifier, from }));
  const { interruption = (work) => work(new AbortController().signal) } = services;
  return new Invocation({ ...services, interruption }, sources).compose(winnow);
}
