import { WinnowError, isWinnowError } from '@winnow/plugin-api';

/** What to do, by what the system says. */
const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: make room there, then run the same command again.',
  EDQUOT: 'Your share of the disk is used up: make room there, then run the same command again.',
  EROFS:
    'It lies in a file system that is only to be read: give a place elsewhere, with --out, say.',
  EACCES: 'You lack the right to write there: ask for it, or give another place, with --out, say.',
  EPERM: 'You lack the right to write there: ask for it, or give another place, with --out, say.',
  // What Node says of a folder to be made in a file system that is only to be read.
  ENOENT: 'Its folder cannot be made: give a place that you may write to, with --out, say.',
  EEXIST: 'A file has the name of its folder: choose another one.',
  ENOTDIR: 'A part of the path is a file: choose another one.',
};

/** The error for a file or folder that cannot be written, with what helps against its cause. */
export function notWritable(what: string, cause: unknown): WinnowError {
  const { message } = cause as Error;
  // Of a folder's file, the reason is that file's.
  const { code = '' } = (isWinnowError(cause) ? cause.cause : cause) as NodeJS.ErrnoException;
  return new WinnowError('FILE_NOT_WRITABLE', `Cannot write ${what} (${message}).`, {
    hint: HINTS[code] ?? 'Choose a place that you may write to.',
    cause,
  });
}
