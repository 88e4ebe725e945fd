import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { memoryConsole } from '../terminal/memory-console.ts';
import { run } from '../run.ts';
import { forgeConfig } from '../testing/forge-config.ts';
import { pluginFolder } from '../testing/plugin-folder.ts';
import { type Outcome, runWinnow, runWinnowIn, spawnWinnowIn } from '../testing/run-winnow.ts';

jest.setTimeout(60_000);

/** Leaves a mark where it is run, and prints to standard output. */
const SOURCE = `
import { writeFileSync } from 'node:fs';
import { mean, square } from '@tensorflow/tfjs-core';
import { defineObjective, definePlugin } from '@winnow/plugin-api';

if (process.env.MARK) writeFileSync(process.env.MARK, '');
console.log('a plugin says hello');
export default definePlugin({
  name: 'marks',
  components: [
    defineObjective({
      name: 'size', summary: 'mean square of the logits', lossScale: 1, stationaryAtDense: false,
      evaluate: ({ sparse }) => mean(square(sparse.logits())),
    }),
  ],
});
`;

const STUDY = (of: string) => `
plugins: [${of}]
base: { dataset: digits, model: lenet, start: init, epochs: 1, batch-size: 512, density: 0.1 }
axes: { method: [{ method: saliency, objective: size }] }
`;

let folder: string;
let plugin: string;
let runs: string;
let mark: string;
const there = () => join(runs, 'run');
beforeAll(async () => {
  folder = await pluginFolder({ 'marks.mjs': SOURCE });
  plugin = join(folder, 'marks.mjs');
  runs = await mkdtemp(join(tmpdir(), 'winnow-unasked-'));
  mark = join(runs, 'mark');
  const words = '--dataset digits --model lenet --density 0.1 --start init --epochs 1';
  const search = '--method saliency --objective size --batch-size 512';
  const all = ['run', ...words.split(' '), ...search.split(' '), '--plugin', plugin];
  const { status, stderr } = await runWinnow(...all, '--out', there());
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await rm(runs, { recursive: true });
});

/** Whether the plugin's code was run, and what came out. */
async function marking(winnow: () => Promise<Outcome>) {
  await rm(mark, { force: true });
  process.env['MARK'] = mark;
  const outcome = await winnow().finally(() => delete process.env['MARK']);
  return { ...outcome, marked: existsSync(mark) };
}

/** By these words, in a process of its own. */
const marked = (words: readonly string[]) => marking(() => spawnWinnowIn(runs, ...words));

describe('a run folder', () => {
  it.each([
    ['inspect', 'run'],
    ['report', 'run', '--json'],
    ['freeze', 'run', '--no-plugins'],
  ])('runs nothing that it names: %s %s', async (...words) => {
    expect(await marked(words)).toMatchObject({ status: 0, marked: false });
  });

  it('says what it asks for, where it is gone on with', async () => {
    const console = memoryConsole();
    expect(await run(['resume', there()], { console, progress: false })).toBe(0);
    expect(console.written.notes).toBe(
      `note: loaded "marks" from ${plugin}, as the run in ${there()} asks for\n`,
    );
  });

  it.each(['resume', 'freeze', 'export', 'compare'])(
    'has no other code run for it than its own: %s',
    async (command) => {
      await cp(there(), join(runs, 'forged'), { recursive: true });
      await forgeConfig(join(runs, 'forged'), ({ plugins, ...config }) => ({
        ...config,
        plugins: plugins.map((one) => ({ ...one, sha256: '0'.repeat(64) })),
      }));
      // It tells which run it is of, and so of the forgery.
      await rm(join(runs, 'forged', 'environments.json'));
      const format = command === 'export' ? ['--format', 'csr'] : [];
      expect(await marked([command, 'forged', ...format])).toMatchObject({
        status: 1,
        marked: false,
        stderr: expect.stringMatching(/^error \[PLUGIN_CHANGED\]: Plugin "marks" /),
      });
    },
  );

  it.each([
    ['resume', 'laden'],
    ['check', 'laden'],
    ['check', 'laden', '--out', 'elsewhere'],
  ])('brings no code of its own: %s', async (...words) => {
    await cp(there(), join(runs, 'laden'), { recursive: true });
    await cp(plugin, join(runs, 'laden', 'marks.mjs'));
    await forgeConfig(join(runs, 'laden'), ({ plugins, ...config }) => ({
      ...config,
      plugins: plugins.map((one) => ({ ...one, specifier: join(runs, 'laden', 'marks.mjs') })),
    }));
    expect(await marked(words)).toMatchObject({
      status: 1,
      marked: false,
      stderr: expect.stringMatching(/^error \[PLUGIN_LOAD\]: .* lies in its own folder: /),
    });
  });
});

describe('a winnow.yaml', () => {
  const asks = (name: string) => writeFile(join(folder, 'winnow.yaml'), `plugins: [./${name}]\n`);
  beforeAll(() => asks('marks.mjs'));

  let copies = 0;
  /** By these words, here: of a copy each time, as a module is run once. */
  async function markedHere(words: readonly string[]) {
    const name = `marks-${copies++}.mjs`;
    await cp(plugin, join(folder, name));
    await asks(name);
    const given = words.map((word) => (word === 'COPY' ? join(folder, name) : word));
    const outcome = await marking(() => runWinnowIn(folder, ...given));
    await asks('marks.mjs');
    return outcome;
  }

  it.each([
    ['plugin', 'init', 'made'],
    ['data', 'fetch', 'imagenet'],
    ['report', '.'],
  ])('has its plugins run for no command that needs none: %s %s', async (...words) => {
    expect(await markedHere(words)).toMatchObject({ marked: false });
  });

  it.each([
    ['inspect', 'RUN'],
    ['import', '--help'],
    ['run', '-h'],
    ['help', 'compare'],
  ])(
    'has its plugins run for no command that only looks, but those named there: %s %s',
    async (...given) => {
      const words = given.map((word) => (word === 'RUN' ? there() : word));
      expect(await markedHere(words)).toMatchObject({ status: 0, marked: false });
      const named = await markedHere([...words, '--plugin', 'COPY']);
      expect(named).toMatchObject({ status: 0, marked: true });
    },
  );

  it('has them run for commands that need them', async () => {
    expect(await markedHere(['list', 'objective'])).toMatchObject({ status: 0, marked: true });
    const without = await markedHere(['list', 'objective', '--no-plugins']);
    expect(without).toMatchObject({ status: 0, marked: false });
  });

  it('says which were loaded, and loads none where none is wanted', async () => {
    const listed = async (...words: string[]) => {
      const console = memoryConsole();
      const from = process.cwd();
      process.chdir(folder);
      await run(['list', 'objective', ...words], { console }).finally(() => process.chdir(from));
      return { ...console.written };
    };
    const { out, notes } = await listed();
    expect(out).toContain('\n  size ');
    expect(notes).toBe(`note: loaded "marks" from ${plugin}, as winnow.yaml asks for\n`);
    const none = await listed('--no-plugins');
    expect(none.out).not.toContain('\n  size ');
    expect(none.notes).toBe('');
  });

  it('and the command line cannot both be heeded and not', async () => {
    const words = ['list', '--plugin', plugin, '--no-plugins'];
    expect((await runWinnowIn(folder, ...words)).stderr).toMatch(/cannot be used with/);
  });
});

it('is told of two plugins of one name', async () => {
  const other = await pluginFolder({ 'other.mjs': `${SOURCE}\n// another\n` });
  const two = ['--plugin', plugin, '--plugin', join(other, 'other.mjs')];
  const { status, stderr } = await runWinnow('list', ...two);
  await rm(other, { recursive: true });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^error \[DUPLICATE_NAME\]: Two plugins are named "marks": .*marks\.mjs and /,
  );
});

it.each([
  ['list', '--plugin', 'PLUGIN'],
  ['compare', 'RUN', '--objectives', 'size', '--out', 'compared'],
  ['study', 'run', 'study.yaml'],
])('%s --json prints JSON and nothing else, whatever a plugin prints', async (...given) => {
  const words = given.map((word) => ({ RUN: there(), PLUGIN: plugin })[word] ?? word);
  await writeFile(join(runs, 'study.yaml'), STUDY(plugin));
  const { status, marked: ran, stdout, stderr } = await marked([...words, '--json']);
  expect({ status, ran }).toEqual({ status: 0, ran: true });
  expect(Object.keys(JSON.parse(stdout) as object).length).toBeGreaterThan(0);
  // A study's runs are processes of their own, whose words are not passed on.
  if (words[0] !== 'study') expect(stderr).toContain('a plugin says hello');
});
