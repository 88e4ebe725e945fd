import { readFile } from 'node:fs/promises';
import { WinnowError } from '@winnow/plugin-api';
import type * as z from 'zod';

/** What a command wrote into a file; nothing where it did not. Throws BAD_RUN where it is not that. */
export async function writtenOutput<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new WinnowError('BAD_RUN', `${path} is not what Winnow writes.`, {
      hint: 'Let the command that wrote it write it again.',
      cause,
    });
  }
}
