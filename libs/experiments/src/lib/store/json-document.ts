import { WinnowError } from '@winnow/plugin-api';
import type { RunStore } from './run-store.ts';

/** Undefined where there is none. Throws BAD_RUN. */
export async function readJson(store: RunStore, name: string): Promise<unknown> {
  const bytes = await store.read(name);
  if (!bytes) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new WinnowError(
      'BAD_RUN',
      `${store.place(name)} is not readable JSON (${(cause as Error).message}).`,
      { hint: 'Remove the run folder, or restore the file.', cause },
    );
  }
}

/** On one line, or with so many spaces before what lies within. */
export async function writeJson(
  store: RunStore,
  name: string,
  value: unknown,
  indent?: number,
): Promise<void> {
  await store.write(name, `${JSON.stringify(value, undefined, indent)}\n`);
}
