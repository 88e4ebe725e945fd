import type { FileWithPath } from 'file-selector';
import type { OwnImage } from '../worker/search-api.ts';

/** What a file's name says of its kind: cat-1.png, cat_2.png and cat (3).png are of "cat". */
function kindInName(name: string): string {
  const bare = name.replace(/\.[^.]*$/, '');
  return bare.replace(/[\s_.-]*\(?\d*\)?$/, '') || bare;
}

type NamedFile = Pick<FileWithPath, 'name' | 'path' | 'type'>;

/** The kind of image that a file shows: that of its folder, and in one folder alone that of its name. */
export function labelled<F extends NamedFile>(
  files: readonly F[],
): { readonly file: F; readonly label: string }[] {
  const images = files.filter(({ type }) => type.startsWith('image/'));
  const folderOf = ({ path = '' }: NamedFile) => path.split('/').slice(0, -1).at(-1) ?? '';
  const folders = new Set(images.map(folderOf));
  const label = folders.size > 1 ? folderOf : ({ name }: NamedFile) => kindInName(name);
  return images.map((file) => ({ file, label: label(file) }));
}

export const ownImagesIn = (files: readonly File[]): OwnImage[] =>
  labelled(files as readonly FileWithPath[]);
