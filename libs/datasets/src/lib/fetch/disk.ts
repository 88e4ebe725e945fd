import { makeFolder } from '@winnow/files/disk';
import { WinnowError } from '@winnow/plugin-api';

const REFUSALS = new Set(['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS']);

function notWritable(path: string, cause: unknown): WinnowError {
  const reason = (cause as Error).message;
  return new WinnowError('FILE_NOT_WRITABLE', `Cannot write ${path} (${reason}).`, {
    hint: 'Make room, or choose a folder that you may write to.',
    cause,
  });
}

/** FILE_NOT_WRITABLE where it is the disk that is full or refuses, and not the data that are wrong. */
export function refusedByDisk(path: string, error: unknown): WinnowError | undefined {
  const { code } = error as NodeJS.ErrnoException;
  return code !== undefined && REFUSALS.has(code) ? notWritable(path, error) : undefined;
}

/** Makes a folder and those around it. Throws FILE_NOT_WRITABLE. */
export async function makeDataFolder(path: string): Promise<void> {
  await makeFolder(path).catch((error: unknown) => {
    throw notWritable(path, error);
  });
}
