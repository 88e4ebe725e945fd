import { statSync } from 'node:fs';
import { WinnowError } from '@winnow/plugin-api';
import { join } from 'node:path';
import { imagesUnder } from '../folders/class-tree.ts';

/**
 * The files that are named, and of folders the JPEG and PNG files in and below them, sorted. Throws FILE_NOT_READABLE where
 * nothing has a name, DATA_NOT_FOUND, and BAD_DATA where a folder holds no image.
 */
export function imageFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) {
      throw new WinnowError('FILE_NOT_READABLE', `There is no ${path}.`, {
        hint: 'Give JPEG or PNG files, or folders of them.',
      });
    }
    if (!found.isDirectory()) return [path];
    const images = imagesUnder(path).map((name) => join(path, name));
    if (images.length > 0) return images;
    throw new WinnowError('BAD_DATA', `${path} holds no JPEG or PNG file.`, {
      hint: 'Give JPEG or PNG files, or folders of them.',
    });
  });
}
