import { WinnowError } from '@winnow/plugin-api';

/** What a look at a file or folder of a data set tells. Throws DATA_NOT_FOUND where it may not be looked at. */
export function lookAt<T>(path: string, look: (path: string) => T): T {
  try {
    return look(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      throw new WinnowError('DATA_NOT_FOUND', `There is nothing at ${path}.`, {
        hint: 'Check the path.',
        cause,
      });
    throw new WinnowError(
      'DATA_NOT_FOUND',
      `Cannot look into ${path} (${(cause as Error).message}).`,
      {
        hint: 'Give a place of a data set that you may read.',
        cause,
      },
    );
  }
}
