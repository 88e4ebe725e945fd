import { METRICS } from './metrics-log.ts';
import type { RunFolder } from './run-folder.ts';

const RESULT = 'result.json';

/** What a run wrote beside its configuration, the result last, so that a copy that has it is whole. */
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

/**
 * Makes a folder the run of another one, where that holds one, with what is done of it; what the folder has already stays.
 * Throws RUN_FOLDER_TAKEN, RUN_IN_USE, FILE_NOT_WRITABLE, and what `readConfig` does.
 */
export async function copyRun(from: RunFolder, to: RunFolder): Promise<void> {
  const config = await from.readConfig();
  if (!config || (await to.store.has(RESULT))) return;
  await to.hold(async (held) => {
    await held.claim(config);
    for (const name of FILES) {
      if (await held.store.has(name)) continue;
      const bytes = await from.store.read(name);
      if (bytes) await held.store.write(name, bytes);
    }
  });
}
