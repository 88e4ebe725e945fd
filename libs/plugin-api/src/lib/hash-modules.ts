import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { init, parse } from 'es-module-lexer';

const IS_CODE = /\.[cm]?[jt]s$/;

/** The files that a module imports by a relative path, statically or by a dynamic import of a literal. */
function relativeImports(source: string, url: string): string[] {
  const [imports] = parse(source);
  return imports.flatMap(({ specifier, ...rest }) => {
    if (!specifier || !/^\.\.?\//.test(specifier) || ('typeOnly' in rest && rest.typeOnly))
      return [];
    const target = new URL(specifier, url);
    // One file may be imported several times, with other queries.
    return [fileURLToPath(new URL(target.pathname, target))];
  });
}

/**
 * SHA-256 (hex) of an entry file and of every file that can be reached from it by relative imports, which packages that
 * are imported by name are not. It depends on the files' contents and on how they lie to one another, not on where.
 */
export async function hashModules(entry: string): Promise<string> {
  await init();
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
    if (!IS_CODE.test(path)) continue;
    try {
      waiting.push(...relativeImports(bytes.toString('utf8'), pathToFileURL(path).href));
    } catch {
      // Node has imported it, so the lexer lacks something; the file itself is hashed all the same.
    }
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
