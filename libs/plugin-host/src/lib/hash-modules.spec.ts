import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashModules } from './hash-modules.ts';

/** What `main` reaches, in every way there is, and what it does not. */
const REACHED = {
  'main.mjs': `import './lib/static.mjs'; export * from './lib/again.mjs';
    import '#own'; import '#dependency'; import { createRequire } from 'node:module';
    const later = () => [import('./lib/later.mjs'), import('./lib/absent.mjs'), import('#absent')];
    const require = createRequire(import.meta.url); require("./common/main.cjs");`,
  'lib/static.mjs': "import data from './data.json' with { type: 'json' }; import '../main.mjs';",
  'lib/data.json': '1',
  'lib/again.mjs': 'export const again = 1;',
  'lib/later.mjs': 'export const later = 1;',
  'own/imported.mjs': 'export const own = 1;',
  'own/required.cjs': 'exports.own = 1;',
  // As compilers and minifiers write it.
  'common/main.cjs': `"use strict"; const lib_1 = __importDefault(require("./lib"));
    const data = () => require( \`../common/data.json\` );
    require('./folder'); require("#own"); require('./absent'); require('dependency');`,
  'common/lib.js': 'exports.lib = 1;',
  'common/data.json': '1',
  'common/folder/index.js': 'exports.folder = 1;',
};
const UNREACHED = {
  'package.json': JSON.stringify({
    name: 'mine',
    type: 'commonjs',
    imports: {
      '#own': { require: './own/required.cjs', import: './own/imported.mjs' },
      '#dependency': 'dependency',
      '#absent': './own/absent.mjs',
    },
  }),
  'lib/unused.mjs': 'export const unused = 1;',
  'node_modules/dependency/index.js': 'exports.dependency = 1;',
};
const FILES: Readonly<Record<string, string>> = { ...REACHED, ...UNREACHED };

let parent: string;
beforeAll(async () => {
  parent = await realpath(await mkdtemp(join(tmpdir(), 'winnow-hash-')));
});
afterAll(() => rm(parent, { recursive: true }));

/** The hash of a folder with the same files but for one. */
async function hashWith(edited?: string): Promise<string> {
  const folder = await mkdtemp(join(parent, 'plugin-'));
  for (const [file, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), file === edited ? `${content}\n` : content);
  }
  return hashModules(join(folder, 'main.mjs'));
}

describe('hashModules', () => {
  it.each(Object.keys(REACHED))('depends on %s, which the entry reaches', async (file) => {
    expect(await hashWith(file)).not.toBe(await hashWith());
  });

  it.each(Object.keys(UNREACHED))('does not depend on %s', async (file) => {
    expect(await hashWith(file)).toBe(await hashWith());
  });

  it('depends on what a linked module imports, and not on where the link leads', async () => {
    const hashOf = async (real: string, inner: string) => {
      const folder = await mkdtemp(join(parent, 'with-link-'));
      await mkdir(join(parent, real, 'deep'), { recursive: true });
      await writeFile(join(parent, real, 'helper.mjs'), "import './deep/inner.mjs';");
      await writeFile(join(parent, real, 'deep/inner.mjs'), inner);
      await writeFile(join(folder, 'main.mjs'), "import './helper.mjs';");
      await symlink(join(parent, real, 'helper.mjs'), join(folder, 'helper.mjs'));
      return hashModules(join(folder, 'main.mjs'));
    };
    const one = await hashOf('here', '1');
    expect(await hashOf('further/off', '1')).toBe(one);
    expect(await hashOf('here', '2')).not.toBe(one);
  });

  it('has both of two files that would lie in one place, were links followed', async () => {
    const [real, folder] = [join(parent, 'shared'), await mkdtemp(join(parent, 'both-'))];
    await mkdir(real);
    await writeFile(join(real, 'helper.mjs'), "import './inner.mjs';");
    await writeFile(join(real, 'inner.mjs'), 'theirs');
    await writeFile(join(folder, 'main.mjs'), "import './helper.mjs'; import './inner.mjs';");
    await symlink(join(real, 'helper.mjs'), join(folder, 'helper.mjs'));
    const hashes: string[] = [];
    for (const [path, text] of [
      [join(folder, 'inner.mjs'), 'a'],
      [join(folder, 'inner.mjs'), 'b'],
      [join(real, 'inner.mjs'), 'c'],
    ] as const) {
      await writeFile(path, text);
      hashes.push(await hashModules(join(folder, 'main.mjs')));
    }
    expect(new Set(hashes).size).toBe(3);
  });

  it('does not depend on where the folder lies', async () => {
    const files = { 'main.mjs': "import './lib/one.mjs';", 'lib/one.mjs': '1' };
    const folder = await mkdtemp(join(parent, 'moved-'));
    await mkdir(join(folder, 'lib'));
    for (const [file, content] of Object.entries(files))
      await writeFile(join(folder, file), content);
    await cp(folder, join(parent, 'elsewhere/deep'), { recursive: true });
    expect(await hashModules(join(parent, 'elsewhere/deep/main.mjs'))).toBe(
      await hashModules(join(folder, 'main.mjs')),
    );
  });
});
