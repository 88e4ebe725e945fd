import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { expectRefused } from '../testing/expect-refused.ts';
import { spawnWinnowIn } from '../testing/run-winnow.ts';

const plain = (components: string, name = 'plain') =>
  `export default { name: '${name}', apiVersion: 1, components: [${components}],
    [Symbol.for('@winnow/plugin-api/plugin')]: true };`;

/** A package with a plugin that imports nothing. */
const packageOf = (folder: string, manifest: object) => ({
  [`${folder}/package.json`]: JSON.stringify({
    name: folder,
    version: '1.2.3',
    type: 'module',
    exports: './main.js',
    ...manifest,
  }),
  [`${folder}/main.js`]: plain(''),
});

const FILES: Readonly<Record<string, string>> = {
  'throws.mjs': "throw new Error('broken at once');",
  'lacks.mjs': "import 'winnow-no-such-package/deep';",
  'settles-never.mjs': `await new Promise(() => {});\n${plain('')}`,
  'syntax.mjs': "export default {\n  name: 'x'\n  components: [],\n};\n",
  'deep.mjs': "import './syntax.mjs';\n",
  'own-syntax.mjs': "\nthrow new SyntaxError('unlikely grammar');\n",
  'no-export.mjs': "\nimport { nope } from './plain.mjs';\n",
  'plain.mjs': plain(''),
  'timer.mjs': `setTimeout(() => { throw new Error('broken later'); }, 1);\n${plain('')}`,
  // After the backend was started.
  'late-timer.mjs': `import * as tf from '@tensorflow/tfjs-core';
const wait = setInterval(() => {
  if (tf.getBackend() !== 'wasm') return;
  clearInterval(wait);
  setTimeout(() => { throw new Error('broken later'); }, 100);
}, 5);
${plain('')}`,
  // It says of nothing that it was written.
  'interval.mjs': `setInterval(() => {}, 1000);
const { stderr } = process;
const write = stderr.write;
stderr.write = (chunk) => write.call(stderr, chunk);
${plain('')}`,
  // It has no text, so that telling it fails.
  'untold.mjs': `setTimeout(() => { throw Object.create(null); }, 1);\n${plain('')}`,
  'exits.mjs': `process.exit(0);\n${plain('')}`,
  'rejects.mjs': `Promise.reject(new Error('nobody listens'));\n${plain('')}`,
  'silent.mjs': plain("{ kind: 'objective', name: 'mine', evaluate() {} }"),
  ...packageOf('ahead', { peerDependencies: { '@winnow/plugin-api': '^9.0.0' } }),
};

jest.setTimeout(60_000);

// Within the project, where the packages that a plugin imports are installed.
const parent = fileURLToPath(new URL('../../out-tsc/', import.meta.url));
let folder: string;
beforeAll(async () => {
  await mkdir(parent, { recursive: true });
  folder = await mkdtemp(join(parent, 'bad-plugin-'));
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe('a plugin that cannot be loaded', () => {
  it.each<[plugin: string, code: string, problem: RegExp]>([
    ['throws.mjs', 'PLUGIN_LOAD', /throws\.mjs" \(broken at once\)/],
    [
      'lacks.mjs',
      'PLUGIN_PEER',
      /imports winnow-no-such-package, .* npm i winnow-no-such-package$/,
    ],
    ['silent.mjs', 'PLUGIN_LOAD', /objective "mine" of plugin "plain" has no summary/],
    ['ahead', 'PLUGIN_PEER', /"ahead" needs @winnow\/plugin-api \^9\.0\.0, and finds \d/],
  ])('is named: %s', async (plugin, code, problem) => {
    // Of what is missing, Jest's own imports say other things than Node's.
    const listed = await spawnWinnowIn(folder, 'list', '--plugin', join(folder, plugin));
    expectRefused(listed, code, problem);
  });

  it.each([
    [
      './settles-never.mjs',
      'PLUGIN_LOAD',
      () =>
        'Cannot load plugin "./settles-never.mjs" (its top-level await never settles). Await there only what comes, or begin it in a component.',
    ],
    [
      './deep.mjs',
      'PLUGIN_LOAD',
      () =>
        `Plugin "./deep.mjs" is no JavaScript at ${join(folder, 'syntax.mjs')}, line 3 (Unexpected identifier 'components'). Mend the line.`,
    ],
    [
      './own-syntax.mjs',
      'PLUGIN_LOAD',
      () =>
        'Cannot load plugin "./own-syntax.mjs" (unlikely grammar). It failed while it was imported; WINNOW_DEBUG=1 tells where.',
    ],
    [
      './no-export.mjs',
      'PLUGIN_LOAD',
      () =>
        `Plugin "./no-export.mjs" imports what is not exported at ${join(folder, 'no-export.mjs')}, line 2 (The requested module './plain.mjs' does not provide an export named 'nope'). Mend the line.`,
    ],
    [
      './timer.mjs',
      'PLUGIN_FAILED',
      () =>
        'Plugin "./timer.mjs" failed in work that nobody waits for: broken later. WINNOW_DEBUG=1 tells where.',
    ],
    [
      './untold.mjs',
      'PLUGIN_FAILED',
      () =>
        'Plugin "./untold.mjs" failed in work that nobody waits for: something that is no text was thrown. WINNOW_DEBUG=1 tells where.',
    ],
    [
      './exits.mjs',
      'PLUGIN_FAILED',
      () =>
        'Plugin "./exits.mjs" ended the process by process.exit(). Let it throw an error instead.',
    ],
    [
      './rejects.mjs',
      'PLUGIN_FAILED',
      () =>
        'Plugin "./rejects.mjs" failed in work that nobody waits for: nobody listens. WINNOW_DEBUG=1 tells where.',
    ],
    [
      'nothere',
      'PLUGIN_LOAD',
      () =>
        `There is no plugin "nothere": neither a file, nor a package that is installed here. Install it: cd ${folder} && npm i nothere`,
    ],
  ])('is told in one sentence: %s', async (plugin, code, told) => {
    // In a process of its own, whose end it is.
    const { status, stderr } = await spawnWinnowIn(folder, 'list', '--plugin', plugin);
    expect({ status, stderr }).toEqual({ status: 1, stderr: `error [${code}]: ${told()}\n` });
  });
});

it('is told where the backend that is in use would end the process by itself', async () => {
  const run =
    '--dataset digits --model resnet8 --density 0.1 --method random --epochs 1 --backend wasm';
  const args = ['run', ...run.split(' '), '--plugin', './late-timer.mjs', '--out', 'late'];
  const { status, stderr } = await spawnWinnowIn(folder, ...args);
  expect(status).toBe(1);
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(
    'error [PLUGIN_FAILED]: Plugin "./late-timer.mjs" failed in work that nobody waits for: broken later. WINNOW_DEBUG=1 tells where.',
  );
});

it('does not keep a command from its end by what it leaves behind', async () => {
  const { status, stderr } = await spawnWinnowIn(folder, 'list', '--plugin', './interval.mjs');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
