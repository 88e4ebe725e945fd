import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rm,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Golden } from '@winnow/golden';
import { runWinnow, runWinnowIn, spawnWinnowIn } from '../testing/run-winnow.ts';

const SOURCE = `
import { mean, square } from '@tensorflow/tfjs-core';
import { defineObjective, definePlugin } from '@winnow/plugin-api';

const common = { lossScale: 1, stationaryAtDense: false };
export default definePlugin({
  name: 'sizes',
  components: [
    defineObjective({
      ...common,
      name: 'logit-size',
      summary: 'mean square of the logits',
      evaluate: ({ sparse }) => mean(square(sparse.logits())),
    }),
    defineObjective({
      ...common,
      name: 'all-logits',
      summary: 'no scalar',
      evaluate: ({ sparse }) => sparse.logits(),
    }),
  ],
});
`;

jest.setTimeout(60_000);

// Within the project, where the packages that a plugin imports are installed.
const parent = fileURLToPath(new URL('../../out-tsc/', import.meta.url));
let folder: string;
let plugin: string;
beforeAll(async () => {
  await mkdir(parent, { recursive: true });
  folder = await realpath(await mkdtemp(join(parent, 'plugin-')));
  plugin = join(folder, 'sizes.mjs');
  await writeFile(plugin, SOURCE);
});
afterAll(() => rm(folder, { recursive: true }));

const wordsFor = (name: string, path: string) => [
  'objective',
  ...['--plugin', path, '--objectives', name, '--json', '--model', 'resnet8'],
  ...['--weights', Golden.path('weights'), '--dataset', `tensor-file:${Golden.path('batch')}`],
];
const objective = (name: string) => runWinnow(...wordsFor(name, plugin));

describe('--plugin', () => {
  it('adds to what is built in of every kind', async () => {
    const { stdout } = await runWinnow('list');
    expect(stdout).toMatch(/\nobserver\n {2}tensorboard .*\n {2}mlflow .*\nexporter\n/);
  });

  it('adds an objective to those listed', async () => {
    const { status, stdout } = await runWinnow('list', 'objective', '--plugin', plugin, '--json');
    expect(status).toBe(0);
    const listed = (JSON.parse(stdout) as { objective: { name: string; summary: string }[] })
      .objective;
    expect(listed).toContainEqual({ name: 'logit-size', summary: 'mean square of the logits' });
    expect(listed.map(({ name }) => name)).toContain('kl');
  });

  it('lets an objective see the network', async () => {
    const { status, stdout } = await objective('logit-size');
    expect(status).toBe(0);
    const { objectives } = JSON.parse(stdout) as { objectives: Record<string, number> };
    const logits = (await Golden.load('forward')).values('logits');
    const golden = logits.reduce((sum, x) => sum + x * x, 0) / logits.length;
    expect(objectives['logit-size']! / golden).toBeCloseTo(1, 4);
  });

  it('computes the same with a TensorFlow.js of its own, of the same version', async () => {
    const core = dirname(
      createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/package.json'),
    );
    const copy = join(folder, 'twin/node_modules/@tensorflow/tfjs-core');
    for (const file of ['package.json', 'dist/tf-core.node.js']) {
      await mkdir(dirname(join(copy, file)), { recursive: true });
      await copyFile(join(core, file), join(copy, file));
    }
    await appendFile(join(copy, 'dist/tf-core.node.js'), "\nconsole.error('the second copy');\n");
    const twin = join(folder, 'twin/sizes.mjs');
    await writeFile(twin, SOURCE);
    const gradients = ['one', 'two'].map((name) => join(folder, `${name}.safetensors`));
    // In processes of their own, each with its copies.
    const [one, two] = await Promise.all(
      [plugin, twin].map((path, i) =>
        spawnWinnowIn(folder, ...wordsFor('logit-size', path), '--gradient-out', gradients[i]!),
      ),
    );
    expect(two!.stderr).toBe('the second copy\n');
    expect(two!.stdout).toBe(one!.stdout);
    const [first, second] = await Promise.all(gradients.map((path) => readFile(path)));
    expect(second!.equals(first!)).toBe(true);
  });

  it('says which source its build is older than', async () => {
    const files = {
      'package.json': '{"name":"sizes","version":"1.0.0","exports":"./dist/index.mjs"}',
      'dist/index.mjs': SOURCE,
      'src/index.ts': '',
    };
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, 'built', name)), { recursive: true });
      await writeFile(join(folder, 'built', name), content);
    }
    const source = join(folder, 'built/src/index.ts');
    await utimes(source, 4e9, 4e9);
    const { status, stderr } = await runWinnowIn(folder, 'list', '--plugin', './built');
    expect(status).toBe(0);
    expect(stderr).toContain(`note: ${source} was changed after `);
  });

  it('names the objective that returns no scalar', async () => {
    const { status, stdout, stderr } = await objective('all-logits');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^error \[BAD_OBJECTIVE\]: Objective "all-logits" .*\[16, 10\].*\n$/);
  });
});

const CONFIG = `
plugins: [./sizes.mjs]
run:
  dataset: digits
  model: resnet8
  method: cts
  objective: logit-size
  searchEpochs: 1
  density: 0.1
  epochs: 1
  batch-size: 512
  start: init
  seed: 2
  until: ticket
compare:
  objectives: [logit-size]
  images: 128
  json: true
`;

describe('a run with a plugin of winnow.yaml', () => {
  const read = async (name: string) =>
    JSON.parse(await readFile(join(folder, name), 'utf8')) as unknown;
  // In processes of their own: one that has a plugin keeps its code.
  const compare = async (...words: string[]) => {
    const outcome = await spawnWinnowIn(folder, 'compare', ...words, '--out', 'comparison');
    expect(outcome.status).toBe(0);
    const { tickets } = JSON.parse(outcome.stdout) as {
      tickets: { values: Record<string, number> }[];
    };
    return tickets.map(({ values }) => values['logit-size']!);
  };
  const elsewhere = (...words: string[]) => runWinnowIn(tmpdir(), ...words);
  const changed = SOURCE.replace(
    'mean(square(sparse.logits()))',
    'mul(2, mean(square(sparse.logits())))',
  ).replace('{ mean,', '{ mean, mul,');
  let value: number;

  it('records the options as given and as resolved, and the plugin by its code', async () => {
    await writeFile(join(folder, 'winnow.yaml'), CONFIG);
    const { status } = await runWinnowIn(folder, 'run', '--seed', '3', '--out', 'run');
    expect(status).toBe(0);
    expect(await read('run/config.json')).toMatchObject({
      method: { name: 'cts', given: { searchEpochs: 1 }, options: { searchEpochs: 1 } },
      objective: { name: 'logit-size', given: {}, options: {} },
      density: 0.1,
      seed: 3,
      recipe: { epochs: 1, batchSize: 512 },
      plugins: [
        {
          ...{ name: 'sizes', specifier: plugin, brings: ['objective'] },
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      ],
    });
  });

  it('finds its plugin from another folder', async () => {
    const out = join(folder, 'run');
    expect(await elsewhere('resume', out, '--until', 'ticket')).toMatchObject({ status: 0 });
    [value] = (await compare('run')) as [number];
    expect(value).toBeGreaterThan(0);
  });

  it('goes on with a plugin that was moved, where it is told', async () => {
    await rm(plugin);
    const resume = ['resume', join(folder, 'run'), '--until', 'ticket'];
    const lost = await elsewhere(...resume);
    expect(lost.stderr).toMatch(
      /^error \[PLUGIN_LOAD\]: .*sizes\.mjs\. Build it again, or say with --plugin/,
    );
    await mkdir(join(folder, 'moved'), { recursive: true });
    await writeFile(join(folder, 'moved/sizes.mjs'), SOURCE);
    const found = await elsewhere(...resume, '--plugin', join(folder, 'moved/sizes.mjs'));
    expect(found.status).toBe(0);
  });

  it('does not go on with other code, but is compared by it', async () => {
    await writeFile(plugin, changed);
    for (const words of [
      ['resume', 'run'],
      ['run', '--seed', '3', '--out', 'run'],
    ]) {
      // In a process that has not imported what it was before.
      const { status, stderr } = await spawnWinnowIn(folder, ...words);
      expect(stderr).toMatch(/^error \[PLUGIN_CHANGED\]: Plugin "sizes" .* SHA-256 .* SHA-256 /);
      expect(status).toBe(1);
    }
    const [now] = await compare('run');
    expect(now! / value).toBeCloseTo(2, 5);
  });

  it('begins others, whose processes heed its plugin and not its settings for `run`', async () => {
    const words =
      '--dataset digits --model resnet8 --methods cts:logit-size --density 0.1 --seeds 1';
    const search = '--epochs 1 --batch-size 512 --search-epochs 1 --backend wasm';
    expect(await compare(...words.split(' '), ...search.split(' '))).toHaveLength(1);
    expect(await read('comparison/runs/cts-logit-size-0.1-seed1/config.json')).toMatchObject({
      seed: 1,
      backend: 'wasm',
    });
  });
});
