import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

jest.setTimeout(120_000);

const PLUGIN = '@winnow-examples/plugin-kit';
const NAMES = {
  objective: ['jensen-shannon', 'focal', 'held-out-loss', 'attention-transfer', 'frugal-kl'],
  pruner: ['cubic-magnitude', 'erk'],
  model: ['slim-mobilenet'],
  dataset: ['csv-folder'],
};
const WINNOW = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));

const run = promisify(execFile);
const winnow = (...args: readonly string[]) => run(process.execPath, [WINNOW, ...args]);

it('is found by the command line', async () => {
  const { stdout } = await winnow('list', '--plugin', PLUGIN, '--json');
  const listed = JSON.parse(stdout) as Record<keyof typeof NAMES, { name: string }[]>;
  for (const kind of ['objective', 'pruner', 'model', 'dataset'] as const)
    expect(listed[kind].map(({ name }) => name)).toEqual(expect.arrayContaining(NAMES[kind]));
});

describe('a search for one', () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'winnow-example-'))));
  afterAll(() => rm(folder, { recursive: true }));

  const DATA = '--dataset digits --model resnet8 --epochs 1 --batch-size 512';
  const SEARCH = `run --plugin ${PLUGIN} ${DATA} --density 0.05 --start init --search-epochs 1`;
  const search = (out: string, ...flags: readonly string[]) =>
    winnow(...SEARCH.split(' '), '--until', 'ticket', '--out', join(folder, out), ...flags);
  const textOf = (...path: string[]) => readFile(join(folder, ...path), 'utf8');

  it.each([
    ['held-out-loss', [], ['training']],
    ['frugal-kl', ['--price', '2'], ['fit', 'multiplyAdds']],
    ['attention-transfer', ['--layers', 'stem.bn', '--beta', '4'], ['loss', 'attention']],
  ])('tells its terms at every step: %s', async (name, flags, terms) => {
    await search(name, '--objective', name, ...flags);
    const rows = (await textOf(name, 'metrics.jsonl')).trim().split('\n').slice(1);
    expect(rows).toHaveLength(3);
    for (const row of rows) {
      const named = Object.keys(JSON.parse(row) as object).filter((key) =>
        /^objective\./.test(key),
      );
      expect(named).toEqual(terms.map((term) => `objective.${term}`));
    }
  });

  it('is the same from flags and from a configuration file', async () => {
    const layers = ['--layers', 'stem.bn', '--layers', 'stage1.block1.bn2'];
    await search('flags', '--objective', 'attention-transfer', ...layers);
    const section =
      'run:\n  objective: attention-transfer\n  layers: [stem.bn, stage1.block1.bn2]\n';
    await writeFile(join(folder, 'winnow.yaml'), section);
    await search('file', '--config', join(folder, 'winnow.yaml'));
    for (const name of ['config.json', 'ticket.safetensors'])
      expect(await textOf('file', name)).toBe(await textOf('flags', name));
    expect(JSON.parse(await textOf('flags', 'config.json'))).toMatchObject({
      objective: { options: { beta: 2, layers: ['stem.bn', 'stage1.block1.bn2'] } },
    });
  });

  it('is refused before anything is trained, where it does not go with the model', async () => {
    const named = ['--objective', 'attention-transfer', '--layers', 'head'];
    await expect(search('refused', ...named)).rejects.toMatchObject({
      stderr: expect.stringMatching(
        /^error \[INVALID_OPTION\]: "resnet8" has no feature map "head"/,
      ),
    });
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });
});

it('brings the program that its README calls, once it is copied out', async () => {
  const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
  expect(await read('README.md')).toContain('npx winnow run');
  const { devDependencies } = JSON.parse(await read('package.json')) as {
    devDependencies: Record<string, string>;
  };
  const { version } = JSON.parse(await read('../../apps/cli/package.json')) as { version: string };
  expect(devDependencies['@winnow/cli']).toBe(version);
});
