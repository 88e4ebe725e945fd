import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { localImports } from './local-imports.ts';

/** By its name. */
export const IS_CODE = /\.[cm]?[jt]s$/;

/** A file that is reached. */
export interface Module {
  /** By the imports that lead to it, links as they are named; two files may have one, where links lead apart. */
  readonly name: string;
  readonly bytes: Buffer;
}

function whereItLies(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * An entry file and every file that can be reached from it by `localImports`, the entry first, by the paths at which they
 * lie in truth, from where Node resolves their own imports. Throws what reading the entry does.
 */
export async function reachedModules(entry: string): Promise<ReadonlyMap<string, Module>> {
  const modules = new Map<string, Module>();
  const waiting = [{ name: entry, path: whereItLies(entry) }];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const { name, path } = one;
    if (modules.has(path)) continue;
    let bytes: Buffer;
    try {
      bytes = await readFile(path);
    } catch (error) {
      // A dynamic import that is never reached may lead nowhere.
      if (name !== entry) continue;
      throw error;
    }
    modules.set(path, { name, bytes });
    if (!IS_CODE.test(path)) continue;
    for (const target of await localImports(bytes.toString('utf8'), path)) {
      const beside = join(dirname(name), relative(dirname(path), target));
      waiting.push({ name: beside, path: whereItLies(target) });
    }
  }
  return modules;
}
