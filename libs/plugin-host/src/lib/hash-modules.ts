import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { localImports } from './local-imports.ts';

const IS_CODE = /\.[cm]?[jt]s$/;

/**
 * SHA-256 (hex) of an entry file and of every file that can be reached from it by `localImports`, which packages that are
 * imported by name are not. It depends on the files' contents and on how they lie to one another, not on where.
 */
export async function hashModules(entry: string): Promise<string> {
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
  const folder = dirname(entry);
  const named = [...contents].map(
    ([path, bytes]) => [relative(folder, path).split(sep).join('/'), bytes] as const,
  );
  const hash = createHash('sha256');
  for (const [name, bytes] of named.sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex');
}
