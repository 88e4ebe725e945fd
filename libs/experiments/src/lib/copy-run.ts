import { METRICS } from './metrics-log.ts';
import type { RunFolder } from './run-folder.ts';

const RESULT = 'result.json';

/** Where what it is at is kept, and the tickets on its way. */
const CHECKPOINT = 'checkpoint';
const ROUNDS = 'rounds';

/** What else a run wrote beside its configuration, the result last, so that a copy that has it is whole. */
const FILES = [
  'environments.json',
  'multiply-adds.json',
  'peak-memory.json',
  'timings.json',
  'speed.json',
  METRICS,
  'start.safetensors',
  'scores.safetensors',
  'ticket.safetensors',
  'weights.safetensors',
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
 * Makes a folder the run of another one, where that holds one, with what is done of it; what the folder has already stays.
 * Throws RUN_FOLDER_TAKEN, RUN_IN_USE, FILE_NOT_WRITABLE, and what `readConfig` does.
 */
export async function copyRun(from: RunFolder, to: RunFolder): Promise<void> {
  const config = await from.readConfig();
  if (!config || (await to.store.has(RESULT))) return;
  await to.hold(async (held) => {
    await held.claim(config);
    const copy = async (names: readonly string[]) => {
      for (const name of names) {
        if (await held.store.has(name)) continue;
        const bytes = await from.store.read(name);
        if (bytes) await held.store.write(name, bytes);
      }
    };
    // The run may go on meanwhile, so that what its state knows of comes after that. It is of the steps that it goes with.
    if (!(await held.store.has(METRICS))) await copy(await namesIn(from, CHECKPOINT));
    await copy(await namesIn(from, ROUNDS));
    await copy(await filesIn(from));
    if (await held.store.has(RESULT)) await held.store.remove(CHECKPOINT);
  });
}
