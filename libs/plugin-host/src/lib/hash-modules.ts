import { createHash } from 'node:crypto';
import { dirname, relative, sep } from 'node:path';
import { reachedModules } from './reached-modules.ts';

/**
 * SHA-256 (hex) of an entry file and of every file that can be reached from it by `localImports`, which packages that are
 * imported by name are not. It depends on the files' contents and on how they lie to one another, not on where.
 */
export async function hashModules(entry: string): Promise<string> {
  const contents = await reachedModules(entry);
  const folder = dirname(entry);
  const named = [...contents].map(
    ([path, bytes]) => [relative(folder, path).split(sep).join('/'), bytes] as const,
  );
  const hash = createHash('sha256');
  for (const [name, bytes] of named.sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex');
}
