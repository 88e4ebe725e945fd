import { basename, dirname, relative, resolve } from 'node:path';

/**
 * What tells runs below some folders apart in an address: the path from around the given folder, `runs/first`; where two of
 * those are called alike, the whole path.
 */
export function runPaths(folders: readonly string[]): (folder: string) => string {
  const roots = new Set(folders.map((folder) => resolve(folder)));
  const isOne = new Set([...roots].map((root) => basename(root))).size === roots.size;
  return (folder) => {
    const whole = resolve(folder);
    if (!isOne) return whole;
    let root = whole;
    while (!roots.has(root) && dirname(root) !== root) root = dirname(root);
    return roots.has(root) ? relative(dirname(root), whole) : whole;
  };
}
