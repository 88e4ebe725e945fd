import { createHash } from 'node:crypto';
import { dirname, relative, sep } from 'node:path';
import { reachedModules } from './reached-modules.ts';

/**
 * SHA-256 (hex) of an entry file and of every file that can be reached from it by `localImports`, which packages that are
 * imported by name are not. It depends on the files' contents and on how they lie to one another, not on where.
 */
export async function hashModules(entry: string): Promise<string> {
  const folder = dirname(entry);
  const named = [...(await reachedModules(entry)).values()].map(({ name, bytes }) => ({
    name: relative(folder, name).split(sep).join('/'),
    bytes,
  }));
  const hash = createHash('sha256');
  const order = (a: string, b: string) => (a < b ? -1 : Number(a > b));
  for (const { name, bytes } of named.sort(
    (a, b) => order(a.name, b.name) || Buffer.compare(a.bytes, b.bytes),
  ))
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex');
}
