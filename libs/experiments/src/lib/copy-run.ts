import { METRICS } from './metrics-log.ts';
import type { RunFolder } from './run-folder.ts';

const RESULT = 'result.json';

/** Where what it is at is kept, and the tickets on its way. */
const CHECKPOINT = 'checkpoint';
const ROUNDS = 'rounds';

/** What else a run wrote beside its configuration; a copy that has the last two, or the metrics of one that goes on, is whole. */
const FILES = [
  'environments.json',
  'multiply-adds.json',
  'peak-memory.json',
  'timings.json',
  'speed.json',
  'start.safetensors',
  'scores.safetensors',
  'ticket.safetensors',
  'weights.safetensors',
  METRICS,
  RESULT,
];

/** Tensors before what is told of them, as they were written. */
async function namesIn({ store }: RunFolder, folder: string): Promise<string[]> {
  return (await store.list(folder)).reverse().map((name) => `${folder}/${name}`);
}

/** What is there of the files, looked for from the last one on: what was written before it is there as well then. */
async function filesIn({ store }: RunFolder): Promise<string[]> {
  const found: string[] = [];
  for (const name of FILES.toReversed()) if (await store.has(name)) found.unshift(name);
  return found;
}

/**
 * Makes a folder the run of another one, where that holds one, with what is done of it. What the folder has done itself stays
 * until the other run has a result. Throws RUN_FOLDER_TAKEN, RUN_IN_USE, FILE_NOT_WRITABLE, and what `readConfig` does.
 */
export async function copyRun(from: RunFolder, to: RunFolder): Promise<void> {
  const config = await from.readConfig();
  if (!config || (await to.store.has(RESULT))) return;
  await to.hold(async (held) => {
    await held.claim(config);
    const { store } = held;
    // Of two moments of a run no one is made: all is taken, or nothing.
    if (!(await from.store.has(RESULT)) && (await store.has(METRICS))) return;
    await store.remove(CHECKPOINT);
    const copy = async (names: readonly string[]) => {
      for (const name of names) {
        const bytes = await from.store.read(name);
        if (bytes) await store.write(name, bytes);
      }
    };
    // The run may go on meanwhile, so that what its state knows of comes after that.
    await copy(await namesIn(from, CHECKPOINT));
    await copy(await namesIn(from, ROUNDS));
    await copy(await filesIn(from));
    if (await store.has(RESULT)) await store.remove(CHECKPOINT);
  });
}
