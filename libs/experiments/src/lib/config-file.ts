import { WinnowError } from '@winnow/plugin-api';
import { dataChanged, filesChanged } from './data-changed.ts';
import { flagOfPath } from './flag-of.ts';
import { assertPluginsUnchanged } from './plugin-changes.ts';
import {
  type RunConfig,
  assertComponentsUnchanged,
  firstDifference,
  runConfig,
} from './run-config.ts';
import { parseJson } from './store/json-document.ts';
import type { RunStore } from './store/run-store.ts';
import { asDocument, isIntact, sealedJson } from './store/sealed-files.ts';
import { whatIsLeft } from './store/what-is-left.ts';

const CONFIG = 'config.json';

interface Found {
  readonly config: RunConfig;
  /** Whether it is what the run wrote. */
  readonly intact: boolean;
}

/** What is asked for, over data that turn out to be those of the other. */
function overDataOf({ input, classes, dataset }: RunConfig, asked: RunConfig): RunConfig {
  const { checksum, normalization } = dataset;
  return { ...asked, input, classes, dataset: { ...asked.dataset, checksum, normalization } };
}

/** The same, over files that the method's options name. */
function overFilesOf({ method: { checksum } }: RunConfig, asked: RunConfig): RunConfig {
  const { checksum: _, ...method } = asked.method;
  return { ...asked, method: { ...method, ...(checksum !== undefined && { checksum }) } };
}

/** A run of before this was told recorded plugins that it did not use, too. */
function withoutUnused(existing: RunConfig, { plugins: used }: RunConfig): RunConfig {
  const isUsed = ({ name, brings }: RunConfig['plugins'][number]) =>
    brings !== undefined || used.some((one) => one.name === name);
  return { ...existing, plugins: existing.plugins.filter(isUsed) };
}

const show = (value: unknown) => JSON.stringify(value) ?? 'nothing';

function edited(place: string, difference?: ReturnType<typeof firstDifference>): WinnowError {
  const what = difference
    ? `: it has ${difference.path} = ${show(difference.before)}, and now it is to be ${show(difference.now)}`
    : '';
  return new WinnowError('RUN_EDITED', `${place} was changed after the run wrote it${what}.`, {
    hint: 'Bring it back as it was; for other options begin another run.',
  });
}

/** Throws RUN_VERSION, BAD_RUN. */
async function find(store: RunStore): Promise<Found | undefined> {
  const bytes = await store.read(CONFIG);
  if (!bytes) return undefined;
  const place = store.place(CONFIG);
  const hint = whatIsLeft(CONFIG);
  const document = asDocument(parseJson(bytes, place, hint), place, hint);
  const { checksum, ...content } = document;
  const parsed = runConfig.safeParse(content);
  if (parsed.success) return { config: parsed.data, intact: isIntact(document) };
  throw new WinnowError('BAD_RUN', `${place} is not the configuration of a run.`, { hint });
}

/** A run's `config.json`. Throws RUN_VERSION, RUN_EDITED, BAD_RUN. */
export async function readConfigFile(store: RunStore): Promise<RunConfig | undefined> {
  const found = await find(store);
  if (found && !found.intact) throw edited(store.place(CONFIG));
  return found?.config;
}

/** What would be taken for the run's own, or be written over. */
const OF_RUNS =
  /^((start|ticket|scores|weights|frozen)\.safetensors|metrics\.jsonl|report\.html|(result|timings|multiply-adds|peak-memory|objectives)\.json)$/;

/** Whether a file, by its name, is what a run has come to, which lies in no folder without its configuration. */
export const isResultOfRun = (name: string) => OF_RUNS.test(name);

/** What else runs write, which a folder may hold before its run is there. */
const BESIDE = /^((environments|speed|shares|failure|mlflow)\.json|log\.txt|run\.lock)$/;

/** Whether a file in a run's folder is by its name one that the run writes. */
export const isFileOfRun = (name: string) =>
  name === CONFIG || OF_RUNS.test(name) || BESIDE.test(name);

/** Throws RUN_FOLDER_TAKEN where a folder without a run holds what a run writes. */
async function assertFree(store: RunStore): Promise<void> {
  const stray = (await store.list('')).find(isResultOfRun);
  if (stray === undefined) return;
  throw new WinnowError(
    'RUN_FOLDER_TAKEN',
    `${store.place()} holds ${stray}, and no run that it is of.`,
    { hint: 'Choose another --out, or take the file away.' },
  );
}

/** `RunFolder.claim`, as far as the file goes. */
export async function claimConfigFile(store: RunStore, config: RunConfig): Promise<RunConfig> {
  const found = await find(store);
  if (!found) {
    await assertFree(store);
    await store.write(CONFIG, sealedJson(config, 2));
    return config;
  }
  const existing = withoutUnused(found.config, config);
  // A run of before there was one is not compared by it.
  const ofBefore = existing.method.checksum === undefined;
  const difference = firstDifference(existing, ofBefore ? overFilesOf(existing, config) : config);
  if (!found.intact) throw edited(store.place(CONFIG), difference);
  assertPluginsUnchanged(existing, config.plugins, store.place());
  if (!difference) {
    const { method, objective, model, validateEvery } = existing;
    // As its files were sealed.
    const { plugins } = found.config;
    return {
      ...(validateEvery !== undefined && { validateEvery }),
      ...config,
      method,
      ...(objective && { objective }),
      model,
      plugins,
    };
  }
  assertComponentsUnchanged(existing, config);
  const { dataset } = config;
  const overFiles = overFilesOf(existing, config);
  if (!ofBefore && !firstDifference(existing, overFiles)) throw filesChanged(config.method.name);
  const asked = firstDifference(existing, overDataOf(existing, overFiles));
  if (!asked) throw dataChanged(dataset.name, dataset.given);
  throw new WinnowError(
    'RUN_FOLDER_TAKEN',
    `${store.place()} holds a run with ${flagOfPath(asked.path)} ${show(asked.before)}, and now it is ${show(asked.now)}.`,
    { hint: 'Choose another --out, or give the same options to go on with that run.' },
  );
}
