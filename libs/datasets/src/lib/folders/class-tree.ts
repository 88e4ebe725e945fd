import { lstatSync, readdirSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { type OpenSetting, WinnowError } from '@winnow/plugin-api';
import { lookAt } from '../look-at.ts';

/** Images by class: JPEG and PNG files in one folder a class. */
export interface ClassTree {
  readonly root: string;
  /** The folders' names, sorted; a label is an index into them. */
  readonly classes: readonly string[];
  /** By image, sorted within each class: paths under `root` with forward slashes. */
  readonly paths: readonly string[];
  /** [n] */
  readonly labels: Int32Array;
}

const IMAGE = /\.(jpe?g|png)$/i;

/** Above this, looking at every file's size takes seconds on a warm disk and minutes on a cold one. */
const MOST_SIZES = 200_000;
const MOST_NAMED = 5;

/** Of characters beyond the first 65,536, which UTF-16 puts before some of those. */
const SURROGATE = /[\ud800-\udfff]/;

/** By code points, as Python, and so torchvision, sorts. */
function sorted(names: string[]): string[] {
  if (!names.some((name) => SURROGATE.test(name))) return names.sort();
  return names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** What stands in a name for bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/** Throws BAD_DATA where a name is not UTF-8, by which nothing could be opened. */
function refuseOtherEncodings(folder: string, found: readonly Dirent[]): void {
  const other = found.find(
    ({ name }) =>
      name.includes(REPLACEMENT) && !lstatSync(join(folder, name), { throwIfNoEntry: false }),
  );
  if (!other) return;
  throw new WinnowError('BAD_DATA', `The name ${join(folder, other.name)} is not in UTF-8.`, {
    hint: 'Rename it; `convmv -f latin1 -t utf8 -r --notest FOLDER` does so with all that an old archive left.',
  });
}

function entries(folder: string): Dirent[] {
  const all = lookAt(folder, () => readdirSync(folder, { withFileTypes: true }));
  const found = all.filter(({ name }) => name[0] !== '.');
  refuseOtherEncodings(folder, found);
  return found;
}

function isFolder(parent: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const path = join(parent, entry.name);
  return lookAt(path, () => {
    try {
      return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
    } catch (error) {
      // A link that leads nowhere but to itself.
      if ((error as NodeJS.ErrnoException).code === 'ELOOP') return false;
      throw error;
    }
  });
}

/** The names of the folders in a folder, sorted; links to folders count. Throws DATA_NOT_FOUND. */
export function foldersIn(folder: string): string[] {
  const folders = entries(folder).filter((entry) => isFolder(folder, entry));
  return sorted(folders.map(({ name }) => name));
}

/**
 * The image files under `folder`, those in its subfolders too, sorted, each with `prefix` before it. Links count; one to a
 * folder that it lies in is passed over.
 */
export function imagesUnder(folder: string, prefix = '', above: readonly string[] = []): string[] {
  const found: string[] = [];
  const here = [...above, lookAt(folder, () => realpathSync(folder))];
  for (const entry of entries(folder)) {
    const path = `${prefix}${entry.name}`;
    const isImage = IMAGE.test(entry.name);
    // No look at each of a million links to images.
    if (entry.isSymbolicLink() && isImage) found.push(path);
    else if (isFolder(folder, entry)) {
      const inner = join(folder, entry.name);
      if (here.includes(lookAt(inner, () => realpathSync(inner)))) continue;
      // One by one: as arguments of one call, a hundred thousand overflow the stack.
      for (const image of imagesUnder(inner, `${path}/`, here)) found.push(image);
    } else if (isImage) found.push(path);
  }
  return sorted(found);
}

/** "a, b, c and 7 more". */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).join(', ');
  return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} more` : shown;
}

/** 0 also of what is not there: a link may lead nowhere, or round in a circle. */
function sizeOf(path: string): number {
  return lookAt(path, () => {
    try {
      return statSync(path).size;
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ELOOP') return 0;
      throw cause;
    }
  });
}

/** Throws BAD_DATA where files are empty or gone, DATA_NOT_FOUND where their folders may not be looked into; where there are many files, it looks at none. */
export function refuseEmptyFiles(root: string, paths: readonly string[]): void {
  if (paths.length > MOST_SIZES) return;
  const empty = paths.filter((path) => sizeOf(join(root, path)) === 0);
  if (empty.length === 0) return;
  throw new WinnowError(
    'BAD_DATA',
    `${empty.length} image ${empty.length === 1 ? 'file is' : 'files are'} empty or missing in ${root}: ${someOf(empty)}.`,
    { hint: 'Restore them, or remove them.' },
  );
}

/**
 * The classes of a folder and their images. Files other than JPEG and PNG, and names that begin with a dot, are passed over.
 * Throws DATA_NOT_FOUND, and BAD_DATA where there is no class, a class has no image, a file is empty (not looked at while
 * verifying), or the classes are not the `expected` ones.
 */
export function readClassTree(
  root: string,
  { expected, verifying = false }: OpenSetting & { expected?: readonly string[] } = {},
): ClassTree {
  const classes = foldersIn(root);
  if (!expected && classes.length < 2) {
    throw new WinnowError(
      'BAD_DATA',
      `${root} has ${classes.length} class folders where two or more are needed.`,
      { hint: 'It must hold one folder of images for each class.' },
    );
  }
  const strangers = expected ? classes.filter((name) => !expected.includes(name)) : [];
  const missing = expected?.filter((name) => !classes.includes(name)) ?? [];
  if (strangers.length + missing.length > 0) {
    const [names, what] = strangers.length > 0 ? [strangers, 'has'] : [missing, 'lacks'];
    throw new WinnowError(
      'BAD_DATA',
      `${root} ${what} class ${someOf(names)}, unlike the training images.`,
      { hint: 'Every part needs the same class folders.' },
    );
  }
  const byClass = classes.map((name) => imagesUnder(join(root, name), `${name}/`));
  const bare = classes.filter((_, label) => byClass[label]!.length === 0);
  if (bare.length > 0) {
    throw new WinnowError(
      'BAD_DATA',
      `${bare.length === 1 ? 'A class folder' : 'Class folders'} of ${root} without a JPEG or PNG file: ${someOf(bare)}.`,
      { hint: 'Put images into it, or remove it.' },
    );
  }
  const paths = byClass.flat();
  if (!verifying) refuseEmptyFiles(root, paths);
  const labels = Int32Array.from(byClass.flatMap((own, label) => own.map(() => label)));
  return { root, classes, paths, labels };
}
