import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';

/** Folders of MNIST and Fashion-MNIST, within one around them. The sets have the same files: only these names tell them apart. */
const NAMED = {
  mnist: ['mnist', 'MNIST/raw'],
  'fashion-mnist': ['fashion-mnist', 'FashionMNIST/raw'],
} as const;
export type MnistName = keyof typeof NAMED;

const NAMES = Object.keys(NAMED) as MnistName[];
/** Of torchvision, in a folder that is named as the set. */
const RAW = 'raw';
const IMAGES = ['train-images-idx3-ubyte', 'train-images-idx3-ubyte.gz'];

const hasImages = (folder: string) => IMAGES.some((file) => existsSync(join(folder, file)));

/** The folder of a set: one of its name in the folder that is given, or that one itself, or what torchvision puts into it. */
export function mnistFolder(name: MnistName, dataDir: string): string {
  const named = NAMED[name].map((place) => join(dataDir, place)).find((path) => existsSync(path));
  return named ?? [dataDir, join(dataDir, RAW)].find(hasImages) ?? dataDir;
}

/** Throws BAD_DATA where a folder is named as the other set. */
export function refuseOther(name: MnistName, folder: string): void {
  const path = resolve(folder).toLowerCase();
  const named = NAMES.find((one) =>
    NAMED[one].some((place) => path.endsWith(join(sep, place.toLowerCase()))),
  );
  if (named === undefined || named === name) return;
  throw new WinnowError('BAD_DATA', `${folder} is a folder of ${named} where ${name} is needed.`, {
    hint: `Name ${named} as the data set, or rename the folder.`,
  });
}

/** Which set a folder holds, by the last name in its path that tells. */
function setOf(path: string): MnistName {
  const telling = resolve(path)
    .split(sep)
    .findLast((part) => /mnist|fashion/i.test(part));
  return telling !== undefined && /fashion/i.test(telling) ? 'fashion-mnist' : 'mnist';
}

/** Which of the two sets lie where `mnistFolder` looks in a folder. */
export function mnistSetsIn(path: string): readonly MnistName[] {
  if ([path, join(path, RAW)].some(hasImages)) return [setOf(path)];
  return NAMES.filter((name) => NAMED[name].some((place) => hasImages(join(path, place))));
}
