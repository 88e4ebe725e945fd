import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { localImports } from './local-imports.ts';

/** By its name. */
export const IS_CODE = /\.[cm]?[jt]s$/;

interface Module {
  /** By the imports that lead to it, links as they are named. */
  readonly path: string;
  /** Where it lies in truth, from where Node resolves its own imports. */
  readonly real: string;
}

function moduleAt(path: string): Module {
  try {
    return { path, real: realpathSync(path) };
  } catch {
    return { path, real: path };
  }
}

/**
 * The contents of an entry file and of every file that can be reached from it by `localImports`, by their paths, the entry
 * first. What a linked module imports is named as if it lay beside the link, so that names do not tell where links lead.
 * Throws what reading the entry does.
 */
export async function reachedModules(entry: string): Promise<ReadonlyMap<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  const seen = new Set<string>();
  const waiting: Module[] = [moduleAt(entry)];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const { path, real } = one;
    // Links may lead round in circles, under ever longer names.
    if (seen.has(real)) continue;
    seen.add(real);
    let bytes: Buffer;
    try {
      bytes = await readFile(real);
    } catch (error) {
      // A dynamic import that is never reached may lead nowhere.
      if (path !== entry) continue;
      throw error;
    }
    contents.set(path, bytes);
    if (!IS_CODE.test(path)) continue;
    for (const target of await localImports(bytes.toString('utf8'), real)) {
      const { real: there } = moduleAt(target);
      waiting.push({ path: join(dirname(path), relative(dirname(real), target)), real: there });
    }
  }
  return contents;
}
