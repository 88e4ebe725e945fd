import { expect, it } from '@jest/globals';
import { notReadable } from './not-readable.ts';

it.each([
  ['ENOENT', 'Cannot read given (there is no such file). Check the path.'],
  ['ENOTDIR', 'Cannot read given (a part of its path is a file, and no folder). Check the path.'],
  ['EISDIR', 'Cannot read given (it is a folder). Give the file itself.'],
  ['EACCES', 'Cannot read given (you lack the right to). Ask for it, or give another one.'],
  ['ELOOP', 'Cannot read given (its links lead round in a circle). Check the path.'],
  ['EIO', 'Cannot read given (EIO: it failed). Mend what the system says, or give another file.'],
])('tells %s in words, with what helps', (code, message) => {
  const error = notReadable('given', Object.assign(new Error(`${code}: it failed`), { code }));
  expect(error).toMatchObject({ code: 'FILE_NOT_READABLE', message });
});
