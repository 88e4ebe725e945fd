import { existsSync } from 'node:fs';
import { lstat, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { notWritable } from '@winnow/files/disk';
import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import { RECORD, backendFolder } from '../backends/installed-packages.ts';
import { alone } from './alone.ts';
import { recipeOf } from './recipes.ts';

/** Its bytes on the disk. */
export interface Part {
  readonly what: string;
  readonly bytes: number;
}

/** What `winnow backend install` has put into a folder. */
export interface Installation {
  readonly name: string;
  readonly folder: string;
  /** Of the packages, and of TensorFlow. */
  readonly versions: Readonly<Record<string, string>>;
  readonly parts: readonly Part[];
}

const PARTS = [
  ['packages of npm', 'node_modules'],
  ['TensorFlow', 'site-packages/tensorflow'],
  ['CUDA', 'site-packages/nvidia'],
] as const;

async function bytesIn(path: string): Promise<number> {
  const about = await lstat(path);
  if (!about.isDirectory()) return about.size;
  let bytes = 0;
  for (const name of await readdir(path)) bytes += await bytesIn(join(path, name));
  return bytes;
}

/** `undefined` where it is not installed. Throws NOT_INSTALLABLE. */
export async function installation(name: string): Promise<Installation | undefined> {
  recipeOf(name);
  const folder = backendFolder(name);
  const record = join(folder, RECORD);
  if (!existsSync(record)) return undefined;
  const { versions } = JSON.parse(await readFile(record, 'utf8')) as Pick<Installation, 'versions'>;
  const parts: Part[] = [];
  for (const [what, path] of PARTS) {
    const at = join(folder, path);
    if (existsSync(at)) parts.push({ what, bytes: await bytesIn(at) });
  }
  return { name, folder, versions, parts };
}

/** A new folder beside that of a backend, in which it is made or taken apart. */
export const workshop = (name: string) => mkdtemp(join(dirname(backendFolder(name)), `.${name}-`));

/** FOLDER_NOT_EMPTY, for what lies in the place of a backend and has no record of one. */
export const foreignFolder = (folder: string): WinnowError =>
  new WinnowError('FOLDER_NOT_EMPTY', `${folder} is there, but not as Winnow makes it.`, {
    hint: 'Move it away.',
  });

/**
 * Removes a backend's folder, and what installs that were killed have left; gives the folder and its bytes, or `undefined`
 * where there was none. Throws NOT_INSTALLABLE, FOLDER_NOT_EMPTY, INSTALL_RUNNING, BAD_LOCK, FILE_NOT_WRITABLE.
 */
export async function removeBackend(name: string): Promise<Part | undefined> {
  recipeOf(name);
  const folder = backendFolder(name);
  try {
    if (!existsSync(folder) && (await leftovers(name)).length === 0) return undefined;
    if (existsSync(folder) && !existsSync(join(folder, RECORD))) throw foreignFolder(folder);
    return await alone(name, () => takeAway(name, folder));
  } catch (error) {
    throw isWinnowError(error) ? error : notWritable(folder, error);
  }
}

async function takeAway(name: string, folder: string): Promise<Part | undefined> {
  let removed: Part | undefined;
  if (existsSync(folder)) {
    removed = { what: folder, bytes: await bytesIn(folder) };
    // At once, so that nobody starts half of it.
    await rename(folder, join(await workshop(name), name));
  }
  for (const left of await leftovers(name)) await rm(left, { recursive: true, force: true });
  return removed;
}

/** Workshops of installs that were killed. */
async function leftovers(name: string): Promise<string[]> {
  const around = dirname(backendFolder(name));
  if (!existsSync(around)) return [];
  return (await readdir(around))
    .filter((left) => left.startsWith(`.${name}-`) && left.length === name.length + 8)
    .map((left) => join(around, left));
}
