import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Command, InvalidArgumentError, Option } from 'commander';
import { applySettings, assertSections, sectionOf } from './command-settings.ts';
import { list, parseNumber } from './option-parsers.ts';
import { pluginsOf, readConfigFile } from './config-file.ts';
import { whereOption } from './where-option.ts';

const folder = await mkdtemp(join(tmpdir(), 'winnow-config-'));
const path = join(folder, 'winnow.yaml');
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string) {
  await writeFile(path, text);
  return readConfigFile(path);
}

const even = (text: string) => {
  if (Number(text) % 2 !== 0) throw new InvalidArgumentError('It is odd.');
  return Number(text);
};
const command = () =>
  new Command('run')
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .requiredOption('--dataset <name>', '')
    .option('--search-epochs <n>', '', even, 8)
    .option('--density <κ,…>', '', list(parseNumber), [0.5])
    .addOption(new Option('--start <point>').choices(['init', 'rewind']))
    .option('--improved', '')
    .addOption(new Option('--plain', '').conflicts('improved'))
    .addOption(whereOption())
    .option('--plugin <file>', '');

/** What the command is given with this section and these words. */
async function optionsOf(section: string, words = '') {
  const settings = sectionOf(await read(`run:\n${section}`), 'run');
  const run = command();
  if (settings) applySettings(run, settings);
  run.parse(words.split(' ').filter(Boolean), { from: 'user' });
  return run.opts<Record<string, unknown>>();
}

describe('a configuration file', () => {
  it('yields to what is typed, and to what excludes it', async () => {
    const section = '  dataset: digits\n  improved: true\n';
    expect(await optionsOf(section, '--plain')).toMatchObject({ plain: true, improved: undefined });
    expect(await optionsOf('  dataset: digits\n  plain: true\n', '--improved')).toMatchObject({
      improved: true,
      plain: undefined,
    });
    await expect(optionsOf('  dataset: digits\n', '--plain --improved')).rejects.toThrow(
      /cannot be used with/,
    );
    await expect(optionsOf(`${section}  plain: true\n`)).rejects.toThrow(/cannot be used with/);
  });

  it('gives options the values that their parsers make, under either spelling', async () => {
    expect(
      await optionsOf(
        '  dataset: digits\n  searchEpochs: 4\n  density: [0.2, 1e-2]\n  start: init\n  improved: true\n',
      ),
    ).toEqual({
      dataset: 'digits',
      searchEpochs: 4,
      density: [0.2, 0.01],
      start: 'init',
      improved: true,
    });
    expect(await optionsOf('  dataset: 5\n  search-epochs: "6"\n  density: 0.1\n')).toEqual({
      dataset: '5',
      searchEpochs: 6,
      density: [0.1],
    });
  });

  it('yields to the command line', async () => {
    const words = '--search-epochs 2 --dataset mnist';
    expect(await optionsOf('  dataset: digits\n  searchEpochs: 4\n', words)).toMatchObject({
      dataset: 'mnist',
      searchEpochs: 2,
    });
  });

  it.each([
    ['  datset: digits', /line 2: "run" has no option "datset"\. Did you mean "dataset"\?/],
    [
      '  dataset: a\n  start: end',
      /line 3: "start" cannot be "end"\. Allowed choices are init, rew/,
    ],
    ['  search-epochs: 3', /line 2: "search-epochs" cannot be 3\. It is odd/],
    ['  search-epochs: [2, 4]', /"search-epochs" cannot be \[2,4\]/],
    ['  search-epochs: .inf', /"search-epochs" cannot be \.inf/],
    ['  search-epochs: -.inf', /"search-epochs" cannot be -\.inf/],
    [
      '  dataset: a\n  where: [seed=1, density]',
      /line 3: "where" density is no condition\. Write K/,
    ],
    ['  density: .nan', /"density" cannot be \.nan/],
    ['  density: [0.1, .inf]', /"density" cannot be \[0\.1,\.inf\]/],
    ['  dataset: { a: .inf }', /"dataset" cannot be \{"a":\.inf\}/],
    ['  search-epochs:', /"search-epochs" cannot be null/],
    ['  dataset: [a, b]', /"dataset" cannot be \["a","b"\]/],
    ['  dataset: { a: b }', /"dataset" cannot be \{"a":"b"\}/],
    ['  dataset: true', /"dataset" cannot be true/],
    ['  improved: 1', /"improved" cannot be 1\. It is true or false/],
    ['  plugin: ./mine.js', /line 2: plugins belong to the file/],
    ['  3: digits', /line 2: a key is not a word/],
    ['  dataset: a\n  dataset: b', /line 3: this is not YAML/],
    ['  - dataset', /line 1: "run" holds no options/],
  ])('names file, line and key of what it cannot use: %s', async (section, problem) => {
    const attempt = optionsOf(section);
    await expect(attempt).rejects.toMatchObject({ code: 'BAD_CONFIG' });
    await expect(attempt).rejects.toThrow(problem);
    await expect(attempt).rejects.toThrow(path);
  });

  const levels = [...'bcdefghij'].map((key, i) => {
    const below = Array<string>(9).fill(`*${'abcdefghi'[i]}`);
    return `  ${key}: &${key} [${below.join()}]`;
  });
  it.each([
    [
      'a name of nothing',
      '  seed: *nowhere',
      /line 2: this cannot be read \(Unresolved alias.*nowhere/,
    ],
    ['names of names of names', `  a: &a [x,x,x]\n${levels.join('\n')}`, /Excessive alias count/],
    ['a name within itself', '  a: &a [*a]\n  dataset: *a', /"run" has no option "a"/],
    [
      'a hundred thousand lists in each other',
      `  a: ${'['.repeat(1e5)}`,
      /line 2: this (is not YAML|cannot be read)/,
    ],
    ['as many maps', `  a: ${'{a: '.repeat(1e5)}`, /line 2: this (is not YAML|cannot be read)/],
    [
      'as many closed ones',
      `  a: ${'{a: '.repeat(5e3)}1${'}'.repeat(5e3)}`,
      /line 2: this (is not YAML|cannot be read)/,
    ],
    [
      'more than a megabyte',
      `  a: ${'a'.repeat(2 ** 20)}`,
      /has 1048586 bytes where at most 1048576/,
    ],
  ])('refuses %s', async (_, section, problem) => {
    const attempt = optionsOf(section);
    await expect(attempt).rejects.toMatchObject({ code: 'BAD_CONFIG' });
    await expect(attempt).rejects.toThrow(problem);
  });

  it('refuses a section of no command, and what is no map at all', async () => {
    const settings = await read('plugins: []\n\nrnu:\n  seed: 1\n');
    expect(() => assertSections(settings, ['plugins', 'run'])).toThrow(
      `${path}, line 3: there is no command "rnu". Did you mean "run"?`,
    );
    await expect(read('- run')).rejects.toThrow('this is no map');
    expect(() => readConfigFile(join(folder, 'absent.yaml'))).toThrow('there is no such file');
    expect(await read('# nothing yet\n')).toEqual({ path, entries: [] });
  });

  it('names plugins as seen from its own folder', async () => {
    expect(pluginsOf(await read('plugins: [./mine.mjs, some-package]'))).toEqual([
      { specifier: './mine.mjs', from: folder, asker: path },
      { specifier: 'some-package', from: folder, asker: path },
    ]);
    const bad = await read('run: {}\nplugins: ./mine.mjs');
    expect(() => pluginsOf(bad)).toThrow(`${path}, line 2: "plugins" is no list`);
  });
});

it('has sections of commands within a command', async () => {
  const { entries } = await read('data:\n  fetch: { data-dir: x }\n');
  const [fetch] = entries[0]!.entries!;
  expect(fetch!.entries).toEqual([{ key: 'data-dir', value: 'x', line: 2 }]);
});
