import { readFile } from 'node:fs/promises';
import { localImports } from './local-imports.ts';

/** By its name. */
export const IS_CODE = /\.[cm]?[jt]s$/;

/**
 * The contents of an entry file and of every file that can be reached from it by `localImports`, by their paths, the entry
 * first. Throws what reading the entry does.
 */
export async function reachedModules(entry: string): Promise<ReadonlyMap<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (contents.has(path)) continue;
    let bytes: Buffer;
    try {
      bytes = await readFile(path);
    } catch (error) {
      // A dynamic import that is never reached may lead nowhere.
      if (path !== entry) continue;
      throw error;
    }
    contents.set(path, bytes);
    if (IS_CODE.test(path)) waiting.push(...(await localImports(bytes.toString('utf8'), path)));
  }
  return contents;
}
