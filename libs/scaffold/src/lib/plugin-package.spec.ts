import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import prettier from 'prettier';
import { type ComponentNames, SCAFFOLD_KINDS, type ScaffoldKind } from './component-template.ts';
import { type Files, NODE_TYPES, TYPESCRIPT, pluginPackage, tryFlags } from './plugin-package.ts';
import { objectiveTest } from './templates/objective.ts';

jest.setTimeout(120_000);

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
// Within the clone, where the libraries resolve to what is built.
const PARENT = join(ROOT, 'libs/scaffold/out-tsc');
const versions = { winnow: '0.1.0', tfjs: '4.22.0', zod: '4.6.7' };
const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  await mkdir(PARENT, { recursive: true });
  folder = await mkdtemp(join(PARENT, 'plugin-'));
});
afterAll(() => rm(folder, { recursive: true }));

const TSC = join(ROOT, 'node_modules/@typescript/native/bin/tsc');

async function writeAll(path: string, files: Files): Promise<void> {
  for (const [file, text] of files) {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await writeFile(join(path, file), text);
  }
}

async function write(kind: ScaffoldKind, place: string, name: string): Promise<string> {
  const path = join(folder, place);
  await writeAll(path, pluginPackage({ name, kind, versions }));
  return path;
}

/** Compiles all packages of a folder, one of which is `first`, at once: most of a compilation is reading the libraries. */
async function compiledAll(place: string, first: string) {
  const tsconfig = join(folder, place, 'tsconfig.json');
  const compilerOptions = { rootDir: '.', noEmit: true };
  const extending = { extends: `./${first}/tsconfig.json`, compilerOptions, include: ['*/src'] };
  await writeFile(tsconfig, JSON.stringify(extending));
  return run(process.execPath, [TSC, '--project', tsconfig]);
}

const manifestOf = async (path: string) =>
  JSON.parse(await readFile(path, 'utf8')) as {
    exports: { '.': { types: string; default: string } };
    dependencies?: Record<string, string>;
    peerDependencies: Record<string, string>;
    devDependencies: Record<string, string>;
    scripts: { test: string };
  };

describe.each(SCAFFOLD_KINDS)('a package with one %s', (kind) => {
  it('is formatted', async () => {
    const options = { singleQuote: true, printWidth: 100 };
    for (const [path, text] of pluginPackage({ name: `my-${kind}`, kind, versions })) {
      if (path === '.gitignore') continue;
      expect(await prettier.format(text, { ...options, filepath: path })).toBe(text);
    }
  });

  it('compiles in strict mode, and passes its test', async () => {
    const path = await write(kind, kind, `@me/my-${kind}`);
    const { scripts, exports } = await manifestOf(join(path, 'package.json'));
    await run(process.execPath, [TSC, '--project', path]);
    expect(scripts.test).toBe('tsc && node --test dist/*.test.js');
    const { stdout } = await run(
      process.execPath,
      ['--test', '--test-reporter=tap', join(path, `dist/my-${kind}.test.js`)],
      { env: { ...process.env, NODE_OPTIONS: '' } },
    );
    expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(3);
    expect(stdout).toMatch(/^# fail 0$/m);
    await readFile(join(path, exports['.'].default));
    await readFile(join(path, exports['.'].types));
  });

  it('imports nothing that it does not declare', () => {
    const files = pluginPackage({ name: `my-${kind}`, kind, versions });
    const manifest = JSON.parse(files.get('package.json')!) as Awaited<
      ReturnType<typeof manifestOf>
    >;
    const needed = { ...manifest.dependencies, ...manifest.peerDependencies };
    for (const [path, text] of files) {
      if (!path.endsWith('.ts')) continue;
      const allowed = path.endsWith('.test.ts')
        ? { ...needed, ...manifest.devDependencies }
        : needed;
      const imported = [...text.matchAll(/ from '([^.'][^']*)'/g)].map((match) => match[1]!);
      const outside = imported.filter((name) => !name.startsWith('node:'));
      expect([path, outside.filter((name) => !(name in allowed))]).toEqual([path, []]);
    }
  });
});

it('compiles where the component is named as something in its sources', async () => {
  const names: Record<ScaffoldKind, string[]> = {
    objective: ['dense', 'giving', 'tf', 'define-plugin'],
    pruner: ['relative-magnitudes', 'name'],
    model: ['two-convolutions', 'run'],
    dataset: ['stripes', 'array-source', 'hold-out'],
  };
  for (const kind of SCAFFOLD_KINDS)
    for (const name of names[kind]) await write(kind, `same/${name}`, name);
  await expect(compiledAll('same', 'stripes')).resolves.toMatchObject({ stdout: '' });
});

it('takes the compiler and the types that this workspace has', async () => {
  const { dependencies } = await manifestOf(join(ROOT, 'package.json'));
  expect({ typescript: TYPESCRIPT, '@types/node': NODE_TYPES }).toEqual({
    typescript: dependencies!['@typescript/native']!.replace('npm:typescript@', ''),
    '@types/node': dependencies!['@types/node'],
  });
});

it.each([
  'My-objective',
  'logit match',
  '../up',
  'delete',
  'index',
  '-x',
  'x-',
  'a--b',
  '1st',
  'fs',
  '',
  // What the loader refuses.
  'constructor',
  'a'.repeat(49),
  '@me/constructor',
  '@me-/stripes',
])('refuses the name "%s"', (name) => {
  expect(() => pluginPackage({ name, kind: 'objective', versions })).toThrow(
    expect.objectContaining({ code: 'BAD_NAME' }),
  );
});

it('takes names as long as the loader does', () => {
  const name = 'a'.repeat(48);
  const files = pluginPackage({ name: `@me/${name}`, kind: 'objective', versions });
  expect(files.has(`src/${name}.ts`)).toBe(true);
});

it('refuses the name of every module of Node', () => {
  const names = builtinModules.filter((name) => /^[a-z0-9]+$/.test(name));
  expect(names).toContain('fs');
  for (const name of names)
    expect(() => pluginPackage({ name, kind: 'objective', versions })).toThrow('npm package');
});

it('takes a component that is written already', async () => {
  const written = {
    about: 'the mean of the logits',
    exported: 'meanLogit',
    source: `import * as tf from '@tensorflow/tfjs-core';
import { defineObjective } from '@winnow/plugin-api';
import { logSoftmax } from '@winnow/tensor-backend';

export const meanLogit = defineObjective({
  name: 'mean-logit',
  summary: 'the mean of the logarithms',
  lossScale: 100,
  stationaryAtDense: false,
  evaluate: ({ sparse }) => tf.mean(logSoftmax(sparse.logits())),
});
`,
    libraries: ['@winnow/tensor-backend'],
    test: (names: ComponentNames) =>
      objectiveTest(names, {
        title: 'is what it is by hand',
        found: `const value = valueOnLogits(${names.identifier}, { sparse: [[0, 0]], dense: [[0, 0]] });`,
        assertion: 'assert.ok(Math.abs(value + Math.LN2) < 1e-6);',
      }),
  };
  const files = pluginPackage({ name: 'mean-logit', kind: 'objective', written, versions });
  const path = join(folder, 'written');
  await writeAll(path, files);
  const { peerDependencies, devDependencies } = await manifestOf(join(path, 'package.json'));
  expect(peerDependencies).toHaveProperty('@winnow/tensor-backend');
  expect(devDependencies).not.toHaveProperty('@winnow/tensor-backend');
  await run(process.execPath, [TSC, '--project', path]);
  const test = ['--test', '--test-reporter=tap', join(path, 'dist/mean-logit.test.js')];
  const env = { ...process.env, NODE_OPTIONS: '' };
  // Not all of the checks need pass: it is no good objective.
  const { stdout } = await run(process.execPath, test, { env }).catch(
    (failed: { stdout: string }) => failed,
  );
  expect(stdout).toMatch(/^ok \d+ - is what it is by hand$/m);
});

it('compiles around a component that is exported as default, or as a word of its test', async () => {
  const exported: Record<string, string> = {
    default: 'export default',
    ...Object.fromEntries(
      ['test', 'value', 'wasm', 'definePlugin', 'mine'].map((w) => [w, `export const ${w} =`]),
    ),
  };
  for (const [word, begin] of Object.entries(exported)) {
    const source = `import * as tf from '@tensorflow/tfjs-core';
import * as api from '@winnow/plugin-api';

${begin} api.defineObjective({
  name: 'mean-logit',
  summary: 'the mean of the logits',
  lossScale: 100,
  stationaryAtDense: false,
  evaluate: ({ sparse }) => tf.mean(sparse.logits()),
});
`;
    const test = (names: ComponentNames) =>
      objectiveTest(names, {
        title: 'is 0',
        found: `const value = valueOnLogits(${names.identifier}, { sparse: [[0]], dense: [[0]] });`,
        assertion: 'assert.equal(value, 0);',
      });
    const written = { about: 'an objective', exported: word, source, libraries: [], test };
    const files = pluginPackage({ name: 'mean-logit', kind: 'objective', written, versions });
    const called = word === 'mine' ? 'mine' : 'meanLogit';
    expect(files.get('src/index.ts')).toContain(`export { ${called} };`);
    await writeAll(join(folder, 'exported', word), files);
  }
  await expect(compiledAll('exported', 'mine')).resolves.toMatchObject({ stdout: '' });
});

it('names the component as the package without its scope', () => {
  const files = pluginPackage({ name: '@me/logit-match', kind: 'objective', versions });
  expect(files.get('src/logit-match.ts')).toContain("name: 'logit-match'");
  expect(tryFlags('objective', '@me/logit-match')).toMatch(/--objective logit-match$/);
});
