import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PARENT = fileURLToPath(new URL('../../out-tsc/', import.meta.url));

/** A new folder with these files, within the project, where the packages that a plugin imports are installed. */
export async function pluginFolder(files: Readonly<Record<string, string>>): Promise<string> {
  await mkdir(PARENT, { recursive: true });
  const folder = await realpath(await mkdtemp(join(PARENT, 'plugin-')));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}
