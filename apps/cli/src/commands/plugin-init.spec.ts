import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { runWinnow, runWinnowIn } from '../testing/run-winnow.ts';

jest.setTimeout(60_000);

const CLONE = fileURLToPath(new URL('../../../../', import.meta.url));
let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'winnow-init-'));
});
afterAll(() => rm(parent, { recursive: true }));

it('writes a package that takes the versions of Winnow, and says what to do next', async () => {
  const dir = join(parent, 'stripes');
  const { status, stdout } = await runWinnow('plugin', 'init', dir, '--kind', 'dataset');
  expect(status).toBe(0);
  expect(stdout.split('\n').filter((line) => line.startsWith('  '))).toEqual([
    `  node ${CLONE}tools/pack-packages.mjs --out ${CLONE}packages --without-engines`,
    `  cd ${dir}`,
    `  npm install --no-save ${CLONE}packages/*.tgz`,
    '  npm test',
    '  npx winnow run --plugin . --dataset stripes --model resnet8 --density 0.05 --epochs 4',
  ]);
  expect((await readdir(dir, { recursive: true })).sort()).toEqual([
    ...['.gitignore', 'README.md', 'package.json', 'src', 'src/index.ts'],
    ...['src/stripes.test.ts', 'src/stripes.ts', 'tsconfig.json'],
  ]);
  const [own, api, made] = await Promise.all(
    [
      new URL('../../package.json', import.meta.url),
      new URL('../../../../libs/plugin-api/package.json', import.meta.url),
      join(dir, 'package.json'),
    ].map(
      async (path) =>
        JSON.parse(await readFile(path, 'utf8')) as {
          version: string;
          dependencies: Record<string, string>;
          peerDependencies: Record<string, string>;
        },
    ),
  );
  expect(made!.peerDependencies).toEqual({
    '@tensorflow/tfjs-core': own!.dependencies['@tensorflow/tfjs-core'],
    '@winnow/data': `^${own!.version}`,
    '@winnow/plugin-api': `^${own!.version}`,
  });
  expect(made!.dependencies).toEqual({ zod: api!.dependencies['zod'] });
});

it('says a folder as a shell takes it, whatever it is called', async () => {
  const words = ['plugin', 'init', "my dir's", '--name', 'foo-bar'];
  const { stdout } = await runWinnowIn(parent, ...words);
  // As POSIX has a quote within quotes.
  expect(stdout.split('\n')).toContain("  cd 'my dir'\\''s'");
});

it('names the component by --name, without its scope', async () => {
  const dir = join(parent, 'elsewhere');
  const { stdout } = await runWinnow('plugin', 'init', dir, '--name', '@me/logit-match');
  expect(stdout).toContain('Wrote the package @me/logit-match to ');
  expect(stdout).toMatch(/--objective logit-match\n$/);
});

it.each([
  ['DUPLICATE_NAME', 'one', ['--name', 'kl']],
  ['DUPLICATE_NAME', 'dense', ['--kind', 'pruner']],
  ['BAD_NAME', 'two', ['--name', 'Not a name']],
])('refuses with %s, and writes nothing', async (code, folder, flags) => {
  const { status, stdout, stderr } = await runWinnow(
    'plugin',
    'init',
    join(parent, folder),
    ...flags,
  );
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(new RegExp(`^error \\[${code}\\]: [^\\n]*\\n$`));
  expect(await readdir(parent)).not.toContain(folder);
});

it('refuses a folder that is not empty', async () => {
  const { status, stderr } = await runWinnow('plugin', 'init', parent, '--name', 'mine');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^error \[FOLDER_NOT_EMPTY\]: /);
});
