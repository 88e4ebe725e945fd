import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { writeWhole } from './write-whole.ts';
import { WinnowError } from '@winnow/plugin-api';

/**
 * Writes files, text by path, into a folder that is new or empty; if one fails, none stays. Throws FOLDER_NOT_EMPTY and
 * FILE_NOT_WRITABLE.
 */
export async function writeNewFolder(
  folder: string,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  const there = await readdir(folder).catch(({ code }: NodeJS.ErrnoException) =>
    code === 'ENOTDIR' ? undefined : [],
  );
  if (!there || there.length > 0) {
    const what = there ? 'not empty' : 'not a folder';
    throw new WinnowError('FOLDER_NOT_EMPTY', `${folder} is ${what}.`, {
      hint: 'Give a folder that does not exist yet, or an empty one.',
    });
  }
  let made: string | undefined;
  try {
    made = await makeFolder(folder);
    for (const [path, text] of files) await writeWhole(join(folder, path), text);
  } catch (cause) {
    const left = made
      ? [made]
      : (await readdir(folder).catch(() => [])).map((name) => join(folder, name));
    for (const path of left) await rm(path, { recursive: true, force: true });
    if (cause instanceof WinnowError) throw cause;
    throw new WinnowError(
      'FILE_NOT_WRITABLE',
      `Cannot make the folder ${folder} (${(cause as Error).message}).`,
      { hint: 'Choose one that you may write to.', cause },
    );
  }
}
