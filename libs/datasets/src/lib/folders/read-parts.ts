import { type OpenSetting, WinnowError } from '@winnow/plugin-api';
import { join } from 'node:path';
import { type Parts, arrangeParts } from '../arrange-parts.ts';
import { type ClassTree, foldersIn, imagesUnder, readClassTree, someOf } from './class-tree.ts';
import { splitTree } from './folder-dataset.ts';

/** What the folders of parts are called, in capitals or not. */
const NAMES = {
  train: ['train', 'training'],
  validation: ['val', 'valid', 'validation'],
  test: ['test', 'testing'],
};
type Part = keyof typeof NAMES;

const partOf = (folder: string) =>
  (Object.keys(NAMES) as Part[]).find((part) => NAMES[part].includes(folder.toLowerCase()));

/** The folders of a part by their names. */
type PartFolders = Readonly<Record<Part, readonly string[]>>;

function partFolders(root: string, folders: readonly string[]): PartFolders {
  const holdsImages = (folder: string) => imagesUnder(join(root, folder)).length > 0;
  const only = (part: Part) => {
    const own = folders.filter((folder) => partOf(folder) === part);
    return own.length > 1 ? own.filter(holdsImages) : own;
  };
  return { train: only('train'), validation: only('validation'), test: only('test') };
}

/** Throws BAD_DATA where images would be left out: in a folder of no part, or in one of two for the same part. */
function refuseBeside(root: string, folders: readonly string[], parts: PartFolders): void {
  for (const [first, second] of Object.values(parts)) {
    if (second === undefined) continue;
    throw new WinnowError(
      'BAD_DATA',
      `${root} has two folders of one part, ${first} and ${second}.`,
      {
        hint: 'Put their images into one of them, or move one elsewhere.',
      },
    );
  }
  const stranger = folders.find(
    (folder) => !partOf(folder) && imagesUnder(join(root, folder)).length > 0,
  );
  if (stranger === undefined) return;
  throw new WinnowError(
    'BAD_DATA',
    `${join(root, stranger)} holds images and is of no part, neither train nor val nor test, while ${parts.train[0]} beside it is.`,
    {
      hint: `Rename it, or move it elsewhere; where ${parts.train[0]} is a class, put its images straight into it.`,
    },
  );
}

const LIKE_A_PART = /^(train|val|test)/i;

/** Throws BAD_DATA where each class is called as parts are, and holds no images but in folders of its own. */
function refuseUnknownParts({ root, classes, paths }: ClassTree): void {
  if (!classes.every((name) => LIKE_A_PART.test(name))) return;
  if (paths.some((path) => path.split('/').length < 3)) return;
  throw new WinnowError(
    'BAD_DATA',
    `The folders ${someOf(classes)} of ${root} have no images but in folders of their own, so they look like parts of the data, not like classes.`,
    {
      hint: 'Call the parts train, val and test; where these are the classes, put their images straight into them.',
    },
  );
}

/** The parts of a folder: `train` with `val`, `test` or both, or one tree of classes. What is lacking is held out. */
export function readParts(root: string, setting: OpenSetting = {}): Parts<ClassTree> {
  const folders = foldersIn(root);
  const parts = partFolders(root, folders);
  // Beside other classes, a folder `train` without class folders is one more class: car, plane, train.
  const inParts =
    parts.train.length > 0 &&
    (folders.every(partOf) || parts.train.some((name) => foldersIn(join(root, name)).length > 0));
  if (inParts) refuseBeside(root, folders, parts);
  const train = readClassTree(inParts ? join(root, parts.train[0]!) : root, setting);
  if (!inParts) refuseUnknownParts(train);
  const part = ([name]: readonly string[]) =>
    inParts && name !== undefined
      ? readClassTree(join(root, name), { expected: train.classes, ...setting })
      : undefined;
  const given = { train, validation: part(parts.validation), test: part(parts.test) };
  return arrangeParts(given, (tree) => splitTree(tree));
}
