import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadPlugin } from './load-plugin.ts';

const plugin = (name: string, apiVersion = 1) =>
  `export default { name: '${name}', apiVersion: ${apiVersion}, components: [],
    [Symbol.for('@winnow/plugin-api/plugin')]: true };`;

const FILES = {
  'good.mjs': plugin('file'),
  'node_modules/winnow-plugin-good/package.json':
    '{"name": "winnow-plugin-good", "type": "module", "exports": {"import": "./lib/main.js"}}',
  'node_modules/winnow-plugin-good/lib/main.js': plugin('package'),
  'winnow-plugin-good/notes.txt': 'a folder of the same name beside it',
  'newer.mjs': plugin('newer', 2),
  'other-thing.mjs': 'export default { name: "other", apiVersion: 1, components: [] };',
  'no-default.mjs': 'export const name = "nothing";',
  'broken.mjs': 'throw new Error("first line\\nsecond line");',
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-plugins-'));
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe('loadPlugin', () => {
  it.each([
    ['a package that is installed there', 'winnow-plugin-good', 'package'],
    ['a relative path', './good.mjs', 'file'],
    ['a bare file name', 'good.mjs', 'file'],
  ])('takes %s', async (_, specifier, name) => {
    expect(await loadPlugin(specifier, folder)).toMatchObject({ name, components: [] });
  });

  it('takes an absolute path from anywhere', async () => {
    expect(await loadPlugin(join(folder, 'good.mjs'))).toMatchObject({ name: 'file' });
  });

  it.each([
    [
      'newer.mjs',
      'PLUGIN_API_VERSION',
      '"newer" was made for plugin API 2; this Winnow has API 1.',
    ],
    ['other-thing.mjs', 'PLUGIN_LOAD', '"other-thing.mjs" is not a Winnow plugin.'],
    ['no-default.mjs', 'PLUGIN_LOAD', '"no-default.mjs" is not a Winnow plugin.'],
    ['broken.mjs', 'PLUGIN_LOAD', 'Cannot load plugin "broken.mjs" (first line).'],
    ['./absent.mjs', 'PLUGIN_LOAD', 'Cannot load plugin "./absent.mjs" ('],
    ['winnow-plugin-absent', 'PLUGIN_LOAD', 'npm i winnow-plugin-absent'],
  ])('refuses %s with %s', async (specifier, code, message) => {
    await expect(loadPlugin(specifier, folder)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});
