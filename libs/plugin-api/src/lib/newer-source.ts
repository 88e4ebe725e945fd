import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PluginPlace } from './locate-plugin.ts';

const TEST = /\.(test|spec)\.[cm]?[jt]sx?$/;

function newestIn(folder: string): { path: string; mtimeMs: number } | undefined {
  let newest: { path: string; mtimeMs: number } | undefined;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile() || TEST.test(name) || stats.mtimeMs <= (newest?.mtimeMs ?? -1)) continue;
    newest = { path, mtimeMs: stats.mtimeMs };
  }
  return newest;
}

/** The newest file in `src/` of a plugin's package, if it was changed after all that the package is entered by was built. */
export function newerSource({ entry, owner }: PluginPlace): string | undefined {
  if (!owner) return undefined;
  const sources = join(owner.folder, 'src');
  const built = dirname(entry);
  // A package that is entered elsewhere than in a folder of what was built has nothing to compare with.
  if (built === owner.folder || built.startsWith(sources)) return undefined;
  if (!statSync(sources, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  const source = newestIn(sources);
  return source && source.mtimeMs > (newestIn(built)?.mtimeMs ?? 0) ? source.path : undefined;
}
