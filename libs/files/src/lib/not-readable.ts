import { WinnowError } from '@winnow/plugin-api';
import { NotRegular } from './open-regular.ts';

const RIGHTS = ['you lack the right to', 'Ask for it, or give another one.'] as const;

const IRREGULAR = 'Take it away, or bring the file back.';
const OTHER = 'Mend what the system says, or give another file.';

/** In words, with what to do, by what the system says. */
const KNOWN: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ENOENT: ['there is no such file', 'Check the path.'],
  ENOTDIR: ['a part of its path is a file, and no folder', 'Check the path.'],
  ELOOP: ['its links lead round in a circle', 'Check the path.'],
  EISDIR: ['it is a folder', 'Give the file itself.'],
  EACCES: RIGHTS,
  EPERM: RIGHTS,
};

/** The error for a file that cannot be read, with what helps against its cause. */
export function notReadable(path: string, cause: unknown): WinnowError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const [reason, hint] = KNOWN[code] ?? [message, cause instanceof NotRegular ? IRREGULAR : OTHER];
  return new WinnowError('FILE_NOT_READABLE', `Cannot read ${path} (${reason}).`, { hint, cause });
}
