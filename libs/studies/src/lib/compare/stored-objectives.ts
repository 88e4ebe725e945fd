import {
  type ObjectiveValues,
  type RunFolder,
  canonicalJson,
  recordComponent,
} from '@winnow/experiments';
import { type Objective, WinnowError, isWinnowError } from '@winnow/plugin-api';
import * as z from 'zod';

const values = z.record(z.string(), z.number().nullable());
const section = z.strictObject({
  images: z.number(),
  backend: z.string(),
  plugins: z.array(z.string()),
  versions: z.record(z.string(), z.string()),
  ticket: values.exactOptional(),
  dense: values.exactOptional(),
});
const stored = z.strictObject({ values: z.array(section) });

/** What values of objectives are made by, beside the run itself. */
export interface ObjectivesMadeBy {
  /** How many training images they are means over. */
  readonly images: number;
  readonly backend: string;
  /** SHA-256 of the code of each plugin that was there: an objective of one is another one when its code is. */
  readonly plugins: readonly string[];
  /** Of Winnow, and in a clone its commit: other code may give other values. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The values that a run's ticket reaches, and those of all weights, as `objectives.json` has them once for each images, backend and plugins. */
export interface StoredObjectives extends ObjectivesMadeBy {
  ticket?: ObjectiveValues;
  dense?: ObjectiveValues;
}

/** What was chosen of it: of one choice the values of one version are kept. */
const chosenKey = ({ images, backend, plugins }: ObjectivesMadeBy) =>
  canonicalJson([images, backend, plugins])!;

/** Values are set beside each other where this is the same. */
export const madeByKey = (by: ObjectivesMadeBy): string =>
  canonicalJson([chosenKey(by), by.versions])!;

/** Of all versions those that tell code of Winnow's from other code, as a study does. */
export const versionsOfValues = ({ winnow, commit }: Readonly<Record<string, string>>) => ({
  ...(winnow !== undefined && { winnow }),
  ...(commit !== undefined && { commit }),
});

/** What a run keeps a value of an objective under; with other options it is another objective. */
export function storedName(objective: Objective): string {
  const { name, options } = recordComponent(objective, objective.given);
  return Object.keys(options).length === 0 ? name : `${name} ${canonicalJson(options)}`;
}

const FILE = 'objectives.json';

/** All that a run has kept, what was computed last at the end. Throws BAD_RUN, and what reading a file of the run does. */
export async function keptObjectives(folder: RunFolder): Promise<readonly StoredObjectives[]> {
  const found = await folder.readBeside(FILE);
  if (found === undefined) return [];
  const known = stored.safeParse(found);
  if (known.success) return known.data.values;
  throw new WinnowError('BAD_RUN', `${folder.file(FILE)} does not hold objective values.`, {
    hint: 'Remove it; the values are computed again.',
    cause: known.error,
  });
}

/** What is known already that was made by the same. Throws as `keptObjectives` does. */
export async function readStoredObjectives(
  folder: RunFolder,
  like: ObjectivesMadeBy,
): Promise<StoredObjectives> {
  const kept = await keptObjectives(folder);
  return kept.find((one) => madeByKey(one) === madeByKey(like)) ?? { ...like };
}

/**
 * Keeps values for the next comparison, in place of those of another version and beside those of other images, backend or
 * plugins, where the run lies in a folder that can be written. Throws as `keptObjectives` does.
 */
export async function keepObjectives(folder: RunFolder, own: StoredObjectives): Promise<void> {
  const kept = await keptObjectives(folder);
  const others = kept.filter((one) => chosenKey(one) !== chosenKey(own));
  try {
    await folder.writeBeside(FILE, { values: [...others, own] });
  } catch (error) {
    if (!isWinnowError(error) || error.code !== 'FILE_NOT_WRITABLE') throw error;
  }
}
