import type { Dirent } from 'node:fs';
import * as fs from 'node:fs';
import { expect, it, jest } from '@jest/globals';

const entry = (name: string, folder: boolean) =>
  ({ name, isDirectory: () => folder, isSymbolicLink: () => false }) as Dirent;

it('takes any number of images in a subfolder', async () => {
  const many = Array.from({ length: 300_000 }, (_, i) => entry(`${i}.png`, false));
  jest.unstable_mockModule('node:fs', () => ({
    ...fs,
    realpathSync: (path: string) => path,
    readdirSync: (path: string) => (path === '/ant' ? [entry('sub', true)] : many),
  }));
  const { imagesUnder } = await import('./class-tree.ts');
  const found = imagesUnder('/ant', 'ant/');
  expect(found).toHaveLength(many.length);
  expect(found[0]).toBe('ant/sub/0.png');
});
