import { statSync } from 'node:fs';
import { join } from 'node:path';
import { notReadable } from '@winnow/files/disk';
import { WinnowError } from '@winnow/plugin-api';
import { imagesUnder } from '../folders/class-tree.ts';

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    throw notReadable(path, cause);
  }
}

/**
 * The files that are named, and of folders the JPEG and PNG files in and below them, sorted. Throws FILE_NOT_READABLE where
 * there is none of a name, DATA_NOT_FOUND, and BAD_DATA where a folder holds no image.
 */
export function imageFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!isFolder(path)) return [path];
    const images = imagesUnder(path).map((name) => join(path, name));
    if (images.length > 0) return images;
    throw new WinnowError('BAD_DATA', `${path} holds no JPEG or PNG file.`, {
      hint: 'Give JPEG or PNG files, or folders of them.',
    });
  });
}
