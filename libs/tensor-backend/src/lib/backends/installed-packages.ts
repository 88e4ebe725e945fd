import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The folder of what `winnow backend install NAME` put there; WINNOW_BACKENDS names another place for those of all. */
export function backendFolder(name: string): string {
  const data = process.env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share');
  // Absolute, as programs that fill it run elsewhere.
  return resolve(process.env['WINNOW_BACKENDS'] || join(data, 'winnow', 'backends'), name);
}

/** Its presence in a backend's folder says that this is whole. */
export const RECORD = 'installed.json';

/**
 * The file that a package's name stands for to `require`: in a backend's folder, or else beside Winnow. Throws
 * MODULE_NOT_FOUND.
 */
export function installedPath(backend: string, packageName: string): string {
  try {
    return createRequire(join(backendFolder(backend), 'package.json')).resolve(packageName);
  } catch {
    return createRequire(import.meta.url).resolve(packageName);
  }
}

/** Loads a package from where `installedPath` finds it. Throws MODULE_NOT_FOUND, and what the package throws. */
export async function importInstalled(backend: string, packageName: string): Promise<unknown> {
  return import(pathToFileURL(installedPath(backend, packageName)).href);
}
