import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALLABLE, recipeOf } from '../install/recipes.ts';
import { RECORD, backendFolder, installedPath } from './installed-packages.ts';

const jsonOf = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as object;

function recorded(name: string): Readonly<Record<string, string>> | undefined {
  try {
    const record = jsonOf(join(backendFolder(name), RECORD));
    return (record as { readonly versions?: Record<string, string> }).versions;
  } catch {
    return undefined;
  }
}

function versionOf(backend: string, packageName: string): string | undefined {
  try {
    const manifest = jsonOf(installedPath(backend, `${packageName}/package.json`));
    return (manifest as { readonly version?: string }).version;
  } catch {
    return undefined;
  }
}

/** Versions of what a backend is made of, be it by `winnow backend install` or beside Winnow; none where it is not there. */
export function installedVersions(name: string): Readonly<Record<string, string>> {
  const known = recorded(name);
  if (known) return known;
  // The first of a recipe is that which no other thing brings.
  const [own] = INSTALLABLE.includes(name) ? Object.keys(recipeOf(name).packages) : [];
  const version = own === undefined ? undefined : versionOf(name, own);
  return version === undefined ? {} : { [own!]: version };
}
