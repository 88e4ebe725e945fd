import {
  type ObjectiveValues,
  type RunFolder,
  canonicalJson,
  recordComponent,
} from '@winnow/experiments';
import { type Objective, WinnowError } from '@winnow/plugin-api';
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

/** What is known already of the same images on the same backend. Throws BAD_RUN. */
export async function readStoredObjectives(
  folder: RunFolder,
  like: Pick<StoredObjectives, 'images' | 'backend' | 'plugins'>,
): Promise<StoredObjectives> {
  const bytes = await folder.store.read('objectives.json');
  if (!bytes) return { ...like };
  try {
    const known = stored.parse(JSON.parse(new TextDecoder().decode(bytes)));
    const alike = JSON.stringify([known.images, known.backend, known.plugins]);
    return alike === JSON.stringify([like.images, like.backend, like.plugins])
      ? known
      : { ...like };
  } catch (cause) {
    throw new WinnowError(
      'BAD_RUN',
      `${folder.file('objectives.json')} does not hold objective values.`,
      {
        hint: 'Remove it; the values are computed again.',
        cause,
      },
    );
  }
}
