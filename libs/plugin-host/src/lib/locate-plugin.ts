import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { WinnowError } from '@winnow/plugin-api';
import { resolve as resolveModule } from 'import-meta-resolve';

export interface PackageManifest {
  readonly name?: string;
  readonly version?: string;
  readonly main?: string;
  readonly exports?: unknown;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** A package on the disk. */
export interface PackageFolder {
  readonly folder: string;
  readonly manifest: PackageManifest;
}

export interface PluginPlace {
  /** The file to import, as an absolute path. */
  readonly entry: string;
  /** The package whose entry it is; a lone file has none. */
  readonly owner?: PackageFolder;
}

/** The package in a folder, if there is one. Throws PLUGIN_LOAD where its package.json is damaged. */
export function readPackage(folder: string): PackageFolder | undefined {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return undefined;
  try {
    return { folder, manifest: JSON.parse(readFileSync(path, 'utf8')) as PackageManifest };
  } catch (cause) {
    throw new WinnowError('PLUGIN_LOAD', `${path} is not readable (${(cause as Error).message}).`, {
      hint: 'Mend it; it belongs to a plugin.',
      cause,
    });
  }
}

/** The folders from one up to the root. */
export function* foldersUp(folder: string): Generator<string> {
  yield folder;
  const parent = dirname(folder);
  if (parent !== folder) yield* foldersUp(parent);
}

/** What the package is entered by; it need not exist. Throws what the resolution of `exports` does. */
function entryOf({ folder, manifest }: PackageFolder): string {
  if (manifest.exports === undefined || manifest.name === undefined)
    return resolve(folder, manifest.main ?? 'index.js');
  // A package may refer to itself by its name.
  return fileURLToPath(resolveModule(manifest.name, pathToFileURL(join(folder, 'x')).href));
}

/** The nearest package around a file, if the file is its entry. */
function ownerOf(entry: string): PackageFolder | undefined {
  for (const folder of foldersUp(dirname(entry))) {
    const found = readPackage(folder);
    if (!found) continue;
    try {
      return found.manifest.version !== undefined && entryOf(found) === entry ? found : undefined;
    } catch {
      return undefined;
    }
  }
  return undefined;
}

function at(entry: string): PluginPlace {
  // As Node sees it, so that a link and what it leads to are one plugin.
  const path = realpathSync(entry);
  const owner = ownerOf(path);
  return owner ? { entry: path, owner } : { entry: path };
}

function inFolder(specifier: string, folder: string): PluginPlace {
  const found = readPackage(folder);
  if (!found) {
    throw new WinnowError('PLUGIN_LOAD', `The folder "${specifier}" is no package.`, {
      hint: 'Give a file, or a folder with a package.json.',
    });
  }
  const entry = entryOf(found);
  if (existsSync(entry)) return at(entry);
  throw new WinnowError(
    'PLUGIN_LOAD',
    `The package in "${specifier}" has no file ${entry}, which it is entered by.`,
    { hint: `Build it first, most likely with: cd ${folder} && npm install && npm run build` },
  );
}

/**
 * Finds a plugin: a file, the folder of a package, or the name of a package, from `from`. A package that is installed
 * comes before a folder of its name, but a path that begins with a dot or a slash is never a package's name. Throws
 * PLUGIN_LOAD, and what Node's resolution does.
 */
export function locatePlugin(specifier: string, from: string): PluginPlace {
  const path = resolve(from, specifier);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile()) return at(path);
  const isPath = /^\.{0,2}(\/|\\|$)|^[A-Za-z]:/.test(specifier);
  if (stats?.isDirectory() && (isPath || !isInstalled(specifier, from)))
    return inFolder(specifier, path);
  return at(fileURLToPath(resolveModule(specifier, pathToFileURL(join(from, 'x')).href)));
}

function isInstalled(name: string, from: string): boolean {
  return [...foldersUp(from)].some((folder) => existsSync(join(folder, 'node_modules', name)));
}
