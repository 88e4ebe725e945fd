import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';

const TOOL = fileURLToPath(new URL('../../check-imports.mjs', import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-imports-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** What the tool says of a workspace with these files, and of the packages `files`, `models` and `data` that hold them. */
async function check(files: Record<string, string>) {
  const all: Record<string, string> = {};
  for (const room of ['files', 'models', 'data']) {
    all[`libs/${room}/package.json`] = JSON.stringify({
      name: `@winnow/${room}`,
      exports: {
        './package.json': './package.json',
        '.': { types: './dist/index.d.ts', default: './dist/index.js' },
        './node': { types: './dist/node.d.ts', default: './dist/node.js' },
      },
      nx: { tags: [`room:${room}`] },
    });
    all[`libs/${room}/src/index.ts`] = 'export {};';
  }
  for (const [path, text] of Object.entries({ ...all, ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const { status, stdout } = spawnSync(process.execPath, [TOOL, folder], { encoding: 'utf8' });
  return { status, said: stdout.trim() };
}

it('is content with imports that point up', async () => {
  const { status, said } = await check({
    'libs/models/src/index.ts': "export { a } from './lib/a.ts';",
    'libs/models/src/lib/a.ts': "import { b } from '@winnow/files'; import './b.ts';",
    'libs/models/src/lib/b.ts': "import fs from 'node:fs'; import '@winnow/files/node';",
    'libs/data/src/index.ts': "export * from '@winnow/models';",
    // Nothing of it is an import.
    'libs/files/src/index.ts': "const text = `import { data } from '@winnow/data';`;",
    'libs/files/dist/index.js': "import '@winnow/data';",
  });
  expect({ status, said }).toEqual({
    status: 0,
    said: 'The imports of 5 files make no circle, and follow the list of rooms.',
  });
});

it('names a circle of files, the shortest', async () => {
  const { status, said } = await check({
    'libs/files/src/index.ts': "export { a } from './a.ts';",
    'libs/files/src/a.ts': "import './detour.ts'; export { b } from './b.ts';",
    'libs/files/src/detour.ts': "import './b.ts';",
    'libs/files/src/b.ts': "const c = await import('./c.js');",
    'libs/files/src/c.js': "import { a } from './a.ts';",
  });
  expect({ status, said }).toEqual({
    status: 1,
    said: [
      'A circle of files:',
      '  libs/files/src/a.ts',
      '  → libs/files/src/b.ts',
      '  → libs/files/src/c.js',
      '  → libs/files/src/a.ts',
    ].join('\n'),
  });
});

it.each([
  "import type { B } from './b.ts';",
  "import { type B } from './b.ts';",
  "export type { B } from './b.ts';",
  "type B = import('./b.ts').B;",
])('names a circle that types alone make: %s', async (first) => {
  const { status, said } = await check({
    'libs/files/src/a.ts': first,
    'libs/files/src/b.ts': "import type { A } from './a.ts';",
  });
  expect(status).toBe(1);
  expect(said).toBe(
    'A circle of files:\n  libs/files/src/a.ts\n  → libs/files/src/b.ts\n  → libs/files/src/a.ts',
  );
});

it('names a circle that goes through the entry of its own package', async () => {
  const { said } = await check({
    'libs/files/src/node.ts': "export { a } from './a.ts';",
    'libs/files/src/a.ts': "import '@winnow/files/node';",
  });
  expect(said).toMatch(/^A circle of files:\n.*\/a\.ts\n.*\/node\.ts\n.*\/a\.ts$/);
});

it('names an import that goes down the list, by a name or by a path', async () => {
  const { status, said } = await check({
    'libs/files/src/a.ts': "import type { Model } from '@winnow/models';",
    'libs/files/src/a.spec.ts': "import '../../data/src/index.ts';",
  });
  expect(status).toBe(1);
  expect(said.split('\n').sort()).toEqual([
    '  libs/files/src/a.spec.ts imports libs/data/src/index.ts',
    '  libs/files/src/a.ts imports libs/models/src/index.ts',
    '`data` stands below `files`:',
    '`models` stands below `files`:',
  ]);
});

it('names an import of what is no entry of its package', async () => {
  const { status, said } = await check({
    'libs/models/src/a.ts': "import '../../files/src/lib/inner.ts';",
    'libs/files/src/lib/inner.ts': '',
  });
  expect({ status, said }).toEqual({
    status: 1,
    said: 'Not by an entry of @winnow/files:\n  libs/models/src/a.ts imports libs/files/src/lib/inner.ts',
  });
});

it('names a circle of packages, with the files that make it', async () => {
  const { status, said } = await check({
    'libs/files/src/a.ts': "import '@winnow/data';",
    'libs/data/src/a.ts': "import '@winnow/models';",
    'libs/models/src/a.ts': "import '@winnow/files';",
  });
  expect(status).toBe(1);
  expect(said).toContain(
    [
      'A circle of packages, @winnow/data → @winnow/models → @winnow/files → @winnow/data:',
      '  libs/data/src/a.ts imports libs/models/src/index.ts',
      '  libs/models/src/a.ts imports libs/files/src/index.ts',
      '  libs/files/src/a.ts imports libs/data/src/index.ts',
    ].join('\n'),
  );
});

it('names a package of no room', async () => {
  const { status, said } = await check({ 'tools/package.json': '{ "name": "own" }' });
  expect(status).toBe(1);
  expect(said).toBe('No room of the list is among the tags of tools/package.json.');
});

it('names the way to what another folder is to do without', async () => {
  const { status, said } = await check({
    'apps/cli/package.json': JSON.stringify({ name: '@winnow/cli', nx: { tags: ['room:cli'] } }),
    'apps/cli/src/composition/root.ts': "import '../terminal/bar.ts';",
    'apps/cli/src/terminal/bar.ts': "import '../commands/run.ts';",
    'apps/cli/src/commands/run.ts': '',
  });
  const way = ['composition/root.ts', 'terminal/bar.ts', 'commands/run.ts'];
  expect({ status, said }).toEqual({
    status: 1,
    said: `apps/cli/src/composition/ is to do without apps/cli/src/commands/:\n  ${way.map((file) => `apps/cli/src/${file}`).join('\n  → ')}`,
  });
});
