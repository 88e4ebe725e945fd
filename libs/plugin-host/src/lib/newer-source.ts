import { type Dirent, readdirSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { PluginPlace } from './locate-plugin.ts';

const SOURCE = /\.[cm]?[jt]sx?$/;
const TEST = /\.(test|spec)\.[cm]?[jt]sx?$/;
/** What copying or cloning a package may put between its files. */
const MARGIN_MS = 2000;

interface Aged {
  readonly path: string;
  readonly mtimeMs: number;
}

/** Of a folder, links aside, which may lead round in circles. */
function newestIn(folder: string): Aged | undefined {
  const agedOf = (entry: Dirent): readonly Aged[] => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return [newestIn(path) ?? []].flat();
    if (!entry.isFile() || !SOURCE.test(entry.name) || TEST.test(entry.name)) return [];
    return [{ path, mtimeMs: statSync(path).mtimeMs }];
  };
  return readdirSync(folder, { withFileTypes: true })
    .flatMap(agedOf)
    .reduce<Aged | undefined>((a, b) => (a && a.mtimeMs >= b.mtimeMs ? a : b), undefined);
}

/**
 * The newest source in `src/` of a plugin's package, if it was changed after all that the package is entered by was
 * built. Of a package that npm installed, whose files have the times of their unpacking, nothing is said.
 */
export function newerSource({ entry, owner }: PluginPlace): string | undefined {
  if (!owner || entry.includes(`${sep}node_modules${sep}`)) return undefined;
  const sources = join(owner.folder, 'src');
  const built = dirname(entry);
  // Where the entry is no file that was built, there is nothing to compare with.
  if (built === owner.folder || `${built}${sep}`.startsWith(`${sources}${sep}`)) return undefined;
  if (!statSync(sources, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  const [source, output] = [newestIn(sources), newestIn(built)];
  return source && output && source.mtimeMs > output.mtimeMs + MARGIN_MS ? source.path : undefined;
}
