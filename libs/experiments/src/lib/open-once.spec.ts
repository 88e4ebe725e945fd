import { expect, it } from '@jest/globals';
import type { Dataset, DatasetDescriptor } from '@winnow/plugin-api';
import { openOnce } from './open-once.ts';

it('opens data once, and tries again where that failed', async () => {
  const data = {} as Dataset;
  const outcomes = [() => Promise.reject<Dataset>(new Error('EIO')), () => Promise.resolve(data)];
  let opened = 0;
  const open = openOnce(() => outcomes[opened++]!());
  const folder = { name: 'folder' } as DatasetDescriptor;
  await expect(open(folder, { path: 'a' })).rejects.toThrow('EIO');
  expect(await open(folder, { path: 'a' })).toBe(data);
  expect(await open(folder, { path: 'a' })).toBe(data);
  expect(opened).toBe(2);
});
