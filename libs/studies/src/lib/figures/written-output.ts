import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
import type * as z from 'zod';

/** What a command wrote into one of these places below a folder; nothing where it did not. Throws BAD_RUN where it is not that. */
export async function writtenOutput<T>(
  folder: string,
  names: readonly string[],
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  for (const name of names) {
    const path = join(folder, name);
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    try {
      return schema.parse(JSON.parse(text));
    } catch (cause) {
      throw new WinnowError('BAD_RUN', `${path} is not what Winnow writes.`, {
        hint: 'Let the command that wrote it write it again.',
        cause,
      });
    }
  }
  return undefined;
}
