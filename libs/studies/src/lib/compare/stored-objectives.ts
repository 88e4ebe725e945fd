import {
  type ObjectiveValues,
  type RunFolder,
  canonicalJson,
  recordComponent,
} from '@winnow/experiments';
import { type Objective, WinnowError, isWinnowError } from '@winnow/plugin-api';
import * as z from 'zod';

const values = z.record(z.string(), z.number().nullable());
const stored = z.strictObject({
  images: z.number(),
  backend: z.string(),
  plugins: z.array(z.string()),
  ticket: values.exactOptional(),
  dense: values.exactOptional(),
});

/** `objectives.json` of a run: the values that its ticket reaches, and those of all weights, on so many images. */
export interface StoredObjectives {
  readonly images: number;
  readonly backend: string;
  /** SHA-256 of the code of each plugin that was there: an objective of one is another one when its code is. */
  readonly plugins: readonly string[];
  ticket?: ObjectiveValues;
  dense?: ObjectiveValues;
}

/** What a run keeps a value of an objective under; with other options it is another objective. */
export function storedName(objective: Objective): string {
  const { name, options } = recordComponent(objective, objective.given);
  return Object.keys(options).length === 0 ? name : `${name} ${canonicalJson(options)}`;
}

const FILE = 'objectives.json';

/** What is known already of the same images on the same backend. Throws BAD_RUN, and what reading a file of the run does. */
export async function readStoredObjectives(
  folder: RunFolder,
  like: Pick<StoredObjectives, 'images' | 'backend' | 'plugins'>,
): Promise<StoredObjectives> {
  const found = await folder.readBeside(FILE);
  if (found === undefined) return { ...like };
  const known = stored.safeParse(found);
  if (!known.success) {
    throw new WinnowError('BAD_RUN', `${folder.file(FILE)} does not hold objective values.`, {
      hint: 'Remove it; the values are computed again.',
      cause: known.error,
    });
  }
  const alike = ({ images, backend, plugins }: typeof like) =>
    JSON.stringify([images, backend, plugins]);
  return alike(known.data) === alike(like) ? known.data : { ...like };
}

/** Keeps values for the next comparison, where the run lies in a folder that can be written. */
export async function keepObjectives(folder: RunFolder, values: StoredObjectives): Promise<void> {
  try {
    await folder.writeBeside(FILE, values);
  } catch (error) {
    if (!isWinnowError(error) || error.code !== 'FILE_NOT_WRITABLE') throw error;
  }
}
