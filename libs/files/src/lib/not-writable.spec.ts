import { expect, it } from '@jest/globals';
import { notWritable } from './not-writable.ts';

const failed = (code: string) => Object.assign(new Error(`${code}: it failed`), { code });

it.each([
  ['ENOSPC', /disk is full: make room/],
  ['EDQUOT', /share of the disk is used up: make room/],
  ['EROFS', /only to be read: give a place elsewhere/],
  ['EACCES', /lack the right/],
  ['EPERM', /lack the right/],
  ['ENOENT', /folder cannot be made: give a place/],
  ['EEXIST', /A file has the name of its folder: choose another/],
  ['EIO', /Choose a place that you may write to/],
])('tells what helps against %s, for a folder of files too', (code, hint) => {
  const error = notWritable('run/weights', failed(code));
  expect(error).toMatchObject({ code: 'FILE_NOT_WRITABLE', message: expect.stringMatching(hint) });
  expect(error.sentence).toBe(`Cannot write run/weights (${code}: it failed).`);
  expect(notWritable('the folder', error).message).toMatch(hint);
});
