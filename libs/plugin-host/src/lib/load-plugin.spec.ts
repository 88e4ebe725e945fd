import { mkdir, mkdtemp, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadPlugin } from './load-plugin.ts';

const plugin = (name: string, { apiVersion = 1, components = '' } = {}) =>
  `export default { name: '${name}', apiVersion: ${apiVersion}, components: [${components}],
    [Symbol.for('@winnow/plugin-api/plugin')]: true };`;
const component = (fields: string) =>
  plugin('bad', { components: `{ kind: 'objective', name: 'mine', summary: '', ${fields} }` });
const withOptions = (options: string) =>
  `${plugin('bad', { components: `{ kind: 'pruner', name: 'mine', summary: '', findTicket() {}, options: ${options} }` })}`;

const manifest = (name: string, fields: object) =>
  JSON.stringify({ name, version: '1.2.3', type: 'module', ...fields });

const FILES = {
  'good.mjs': plugin('file'),
  'node_modules/winnow-plugin-good/package.json': manifest('winnow-plugin-good', {
    exports: { import: './lib/main.js' },
  }),
  'node_modules/winnow-plugin-good/lib/main.js': plugin('package'),
  'winnow-plugin-good/notes.txt': 'a folder of the same name beside it',
  'by-main/package.json': manifest('by-main', { main: 'lib/main.js' }),
  'by-main/lib/main.js': plugin('main'),
  'by-main/lib/other.js': plugin('no-entry'),
  'by-folder/package.json': manifest('by-folder', { main: 'lib' }),
  'by-folder/lib/index.js': plugin('folder'),
  'unbuilt/package.json': manifest('unbuilt', { exports: './dist/index.js' }),
  'peers/package.json': manifest('peers', {
    exports: './main.js',
    peerDependencies: { 'winnow-plugin-good': '^1.0.0', absent: '1' },
    peerDependenciesMeta: { absent: { optional: true } },
  }),
  'peers/main.js': plugin('peers'),
  'picky/package.json': manifest('picky', {
    exports: './main.js',
    peerDependencies: { 'winnow-plugin-good': '^2.0.0' },
  }),
  'picky/main.js': plugin('picky'),
  'needy/package.json': manifest('needy', {
    exports: './main.js',
    peerDependencies: { absent: '^1.0.0' },
  }),
  'needy/main.js': plugin('needy'),
  'tfjs/package.json': manifest('tfjs', { exports: './main.js' }),
  'tfjs/main.js': plugin('tfjs'),
  'tfjs/node_modules/@tensorflow/tfjs-core/package.json': '{"version": "4.10.0"}',
  'same-tfjs/main.mjs': plugin('same'),
  'same-tfjs/node_modules/@tensorflow/tfjs-core/package.json': '{"version": "4.22.0"}',
  'newer.mjs': plugin('newer', { apiVersion: 2 }),
  'injecting.mjs': plugin('<img>\\x1b[31m\\n../x'),
  'injecting-component.mjs': plugin('bad', {
    components: `{ kind: 'objective', name: '../../etc/x', summary: '' }`,
  }),
  'other-thing.mjs': 'export default { name: "other", apiVersion: 1, components: [] };',
  'no-default.mjs': 'export const name = "nothing";',
  'sourced/package.json': manifest('sourced', { exports: './dist/index.js' }),
  'sourced/dist/index.js': plugin('sourced'),
  'sourced/dist/part.js': '',
  'sourced/src/index.ts': '',
  'sourced/src/deep/part.ts': '',
  'sourced/src/part.test.ts': '',
  'sourced/src/notes.txt': '',
  'broken.mjs': 'throw new Error("first line\\nsecond line");',
  'anonymous.mjs': plugin(''),
  'kindless.mjs': plugin('bad', { components: "{ kind: 'loss', name: 'mine' }" }),
  'nameless.mjs': plugin('bad', { components: "{ kind: 'objective' }" }),
  'null.mjs': plugin('bad', { components: 'null' }),
  'silent.mjs': plugin('bad', { components: "{ kind: 'objective', name: 'mine' }" }),
  'inert.mjs': component('evaluate: 1'),
  'scaleless.mjs': component('evaluate() {}, configure() {}, lossScale: NaN'),
  'optionless.mjs': withOptions('undefined'),
  'zod3.mjs': withOptions('{ _def: {}, safeParse() {} }'),
};

let folder: string;
const write = async (name: string, content: string) => {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), content);
};
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'winnow-plugins-')));
  for (const [name, content] of Object.entries(FILES)) await write(name, content);
});
afterAll(() => rm(folder, { recursive: true }));

describe('loadPlugin', () => {
  it.each([
    ['a package that is installed there', 'winnow-plugin-good', 'package'],
    ['a relative path', './good.mjs', 'file'],
    ['a bare file name', 'good.mjs', 'file'],
    ['the folder of a package with exports', './node_modules/winnow-plugin-good', 'package'],
    ['the folder of a package with main', 'by-main', 'main'],
    ['a package whose peers are there, or optional', './peers', 'peers'],
    ['a plugin with a second copy of this TensorFlow.js', './same-tfjs/main.mjs', 'same'],
  ])('takes %s', async (_, specifier, name) => {
    expect(await loadPlugin(specifier, folder)).toMatchObject({ name, components: [] });
  });

  it('takes an absolute path from anywhere', async () => {
    expect(await loadPlugin(join(folder, 'good.mjs'))).toMatchObject({ name: 'file' });
  });

  it.each([
    ['winnow-plugin-good', 'node_modules/winnow-plugin-good/lib/main.js', '1.2.3'],
    ['./by-main', 'by-main/lib/main.js', '1.2.3'],
    ['./by-main/lib/main.js', 'by-main/lib/main.js', '1.2.3'],
    // Not what the package around it is entered by.
    ['./by-main/lib/other.js', 'by-main/lib/other.js', undefined],
    ['good.mjs', 'good.mjs', undefined],
  ])('records %s so that it is found again from elsewhere', async (specifier, file, version) => {
    const { name, record } = await loadPlugin(specifier, folder);
    expect(record).toEqual({
      name,
      specifier: join(folder, file),
      ...(version === undefined ? {} : { version }),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect((await loadPlugin(record.specifier, tmpdir())).record).toEqual(record);
  });

  it('refuses code that has changed since this process imported it', async () => {
    await write('edited.mjs', FILES['good.mjs']);
    await loadPlugin('./edited.mjs', folder);
    await write('edited.mjs', `${FILES['good.mjs']}\n`);
    await expect(loadPlugin('./edited.mjs', folder)).rejects.toMatchObject({
      code: 'PLUGIN_CHANGED',
      sentence: expect.stringContaining('since this process imported it'),
    });
  });

  it('tells of source that was changed after it was built, tests apart', async () => {
    const at = (file: string, second: number) =>
      utimes(join(folder, 'sourced', file), second, second);
    const newer = async () => (await loadPlugin('./sourced', folder)).newerSource;
    await Promise.all(
      ['dist/index.js', 'src/index.ts', 'src/deep/part.ts', 'dist/part.js'].map((file, i) =>
        at(file, 10 * i),
      ),
    );
    await at('src/part.test.ts', 99);
    await at('src/notes.txt', 99);
    expect(await newer()).toBeUndefined();
    await at('src/deep/part.ts', 40);
    expect(await newer()).toBe(join(folder, 'sourced/src/deep/part.ts'));
  });

  it.each([
    [
      'newer.mjs',
      'PLUGIN_API_VERSION',
      '"newer" was made for plugin API 2; this Winnow has API 1.',
    ],
    [
      'injecting.mjs',
      'BAD_NAME',
      '"injecting.mjs" cannot name its plugin "<img>\x1b[31m\n../x". Give letters',
    ],
    [
      'injecting-component.mjs',
      'BAD_NAME',
      'Component 0 of plugin "bad", of kind objective, cannot have the name "../../etc/x".',
    ],
    ['other-thing.mjs', 'PLUGIN_LOAD', '"other-thing.mjs" is not a Winnow plugin.'],
    ['no-default.mjs', 'PLUGIN_LOAD', '"no-default.mjs" is not a Winnow plugin.'],
    ['broken.mjs', 'PLUGIN_LOAD', 'Cannot load plugin "broken.mjs" (first line).'],
    ['./absent.mjs', 'PLUGIN_LOAD', 'There is no plugin at '],
    ['absent.mjs', 'PLUGIN_LOAD', 'There is no plugin at '],
    [
      'winnow-plugin-absent',
      'PLUGIN_LOAD',
      'There is no plugin "winnow-plugin-absent": neither a file, nor a package that is installed here. Install it: cd ',
    ],
    ['./unbuilt', 'PLUGIN_LOAD', 'npm run build'],
    ['./by-folder', 'PLUGIN_LOAD', '/by-folder/lib of plugin "./by-folder" (EISDIR'],
    ['./winnow-plugin-good', 'PLUGIN_LOAD', 'The folder "./winnow-plugin-good" is no package.'],
    ['./picky', 'PLUGIN_PEER', '"picky" needs winnow-plugin-good ^2.0.0, and finds 1.2.3.'],
    ['./needy', 'PLUGIN_PEER', '"needy" needs absent ^1.0.0 beside it, which is not installed.'],
    ['./tfjs', 'PLUGIN_PEER', 'tfjs-core 4.10.0; this Winnow runs on 4.22.0.'],
    ['anonymous.mjs', 'PLUGIN_LOAD', '"anonymous.mjs" has no name'],
    ['null.mjs', 'PLUGIN_LOAD', 'Component 0 of plugin "bad" is no object.'],
    [
      'kindless.mjs',
      'PLUGIN_LOAD',
      'Component 0 of plugin "bad" is of kind "loss"; there are objective,',
    ],
    ['nameless.mjs', 'PLUGIN_LOAD', 'Component 0 of plugin "bad", of kind objective, has no name.'],
    ['silent.mjs', 'PLUGIN_LOAD', 'The objective "mine" of plugin "bad" has no summary.'],
    ['inert.mjs', 'PLUGIN_LOAD', 'of plugin "bad" has no function "evaluate".'],
    ['scaleless.mjs', 'PLUGIN_LOAD', 'of plugin "bad" has no number "lossScale".'],
    ['optionless.mjs', 'PLUGIN_LOAD', 'pruner "mine" of plugin "bad" are no zod schema.'],
    ['zod3.mjs', 'PLUGIN_PEER', 'pruner "mine" of plugin "bad" are a schema of zod 3.'],
  ])('refuses %s with %s', async (specifier, code, message) => {
    await expect(loadPlugin(specifier, folder)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});
