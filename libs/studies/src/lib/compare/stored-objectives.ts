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

/** What a run has kept, on whatever images and backend. Throws BAD_RUN, and what reading a file of the run does. */
export async function keptObjectives(folder: RunFolder): Promise<StoredObjectives | undefined> {
  const found = await folder.readBeside(FILE);
  if (found === undefined) return undefined;
  const known = stored.safeParse(found);
  if (known.success) return known.data;
  throw new WinnowError('BAD_RUN', `${folder.file(FILE)} does not hold objective values.`, {
    hint: 'Remove it; the values are computed again.',
    cause: known.error,
  });
}

/** What is known already of the same images on the same backend. Throws as `keptObjectives` does. */
export async function readStoredObjectives(
  folder: RunFolder,
  like: Pick<StoredObjectives, 'images' | 'backend' | 'plugins'>,
): Promise<StoredObjectives> {
  const known = await keptObjectives(folder);
  const alike = ({ images, backend, plugins }: typeof like) =>
    JSON.stringify([images, backend, plugins]);
  return known && alike(known) === alike(like) ? known : { ...like };
}

/** Keeps values for the next comparison, where the run lies in a folder that can be written. */
export async function keepObjectives(folder: RunFolder, values: StoredObjectives): Promise<void> {
  try {
    await folder.writeBeside(FILE, values);
  } catch (error) {
    if (!isWinnowError(error) || error.code !== 'FILE_NOT_WRITABLE') throw error;
  }
}
