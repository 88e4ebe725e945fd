import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { sha256 } from '@winnow/files';
import { expectRefused } from '../testing/expect-refused.ts';
import { runWinnow } from '../testing/run-winnow.ts';

jest.setTimeout(60_000);

const DIGITS = ['--dataset', 'digits', '--model', 'lenet'];
let dir: string;
let run: string;
let weights: string;
const at = (...path: string[]) => join(dir, ...path);
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-output-'));
  run = at('run');
  weights = at('weights.safetensors');
  const words = '--method magnitude --density 0.1 --start init --epochs 1 --batch-size 512';
  await runWinnow('run', ...DIGITS, ...words.split(' '), '--out', run);
  await cp(join(run, 'start.safetensors'), weights);
  await writeFile(at('study.yaml'), 'base: { dataset: digits }');
});
afterAll(() => rm(dir, { recursive: true }));

const everything = async () =>
  Promise.all(
    (await readdir(dir, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => [name, sha256(await readFile(join(parentPath, name)))]),
  );

it.each<[what: string, words: () => string[], out: () => string]>([
  [
    'weights',
    () => [
      'score',
      ...DIGITS,
      '--method',
      'snip',
      '--density',
      '0.1',
      '--weights',
      weights,
      '--out',
    ],
    () => weights,
  ],
  [
    'weights, by another path',
    () => ['objective', ...DIGITS, '--objectives', 'loss', '--weights', weights, '--gradient-out'],
    () => at('run', '..', 'weights.safetensors'),
  ],
  [
    'a style',
    () => ['figure', 'accuracy', run, '--style', at('style.svg'), '--out'],
    () => at('style.svg'),
  ],
  ['a study', () => ['results', at('study.yaml'), '--out'], () => at('study.yaml')],
])('what a command reads is not written over: %s', async (_, words, out) => {
  await writeFile(at('style.svg'), '{}');
  const before = await everything();
  const refused = await runWinnow(...words(), out());
  expectRefused(
    refused,
    'INVALID_OPTION',
    / is a file that is read, and would be lost\. Give another place\./,
  );
  expect(await everything()).toEqual(before);
});

it.each<[what: string, words: () => string[], out: () => string]>([
  ['freeze', () => ['freeze', run, '--out'], () => join(run, 'weights.safetensors')],
  [
    'export',
    () => ['export', run, '--format', 'safetensors', '--out'],
    () => join(run, 'weights.safetensors'),
  ],
  [
    'export of a mask',
    () => ['export', run, '--format', 'mask', '--out'],
    () => join(run, 'ticket.safetensors'),
  ],
  ['results', () => ['results', run, '--out'], () => join(run, 'config.json')],
  ['results of its speed', () => ['results', run, '--out'], () => join(run, 'speed.json')],
  ['results in its rounds', () => ['results', run, '--out'], () => join(run, 'rounds/00.json')],
  ['doctor', () => ['doctor', '--gpu-report'], () => join(run, 'result.json')],
  ['quickstart', () => ['quickstart', '--out'], () => run],
  ['report', () => ['report', run, '--out'], () => run],
  ['check', () => ['check', run, '--ablations', 'shuffle', '--out'], () => run],
  ['compare', () => ['compare', run, '--objectives', 'loss', '--out'], () => run],
])('the files of a run are not written over: %s', async (_, words, out) => {
  const before = await everything();
  const refused = await runWinnow(...words(), out());
  expectRefused(
    refused,
    'INVALID_OPTION',
    / of (a|the) run( in .*)?, wh.* would be lost\. Give another place\./,
  );
  expect(await everything()).toEqual(before);
});

it('links to what is read, and data, are known for it', async () => {
  const data = at('batch.safetensors');
  await writeFile(data, 'data');
  await symlink(dir, at('link'));
  for (const [dataset, out] of [
    [`tensor-file:${data}`, data],
    ['digits', at('link', 'weights.safetensors')],
  ] as const) {
    const words = ['score', '--dataset', dataset, '--model', 'lenet', '--method', 'snip'];
    const place = ['--weights', weights, '--out', out];
    const { stderr } = await runWinnow(...words, '--density', '0.1', ...place);
    expect(stderr).toMatch(/^error \[INVALID_OPTION\]: --out .* is a file that is read/);
  }
});

it('what only looks like a run is none, and freeze has its own place however it is spelt', async () => {
  const other = at('other');
  await mkdir(other);
  await writeFile(join(other, 'config.json'), '{"format":"keras"}');
  for (let again = 0; again < 2; again++)
    expect(await runWinnow('report', run, '--out', other)).toMatchObject({ status: 0 });
  const frozen = await runWinnow('freeze', run, '--out', `${run}/./frozen.safetensors`);
  expect(frozen).toMatchObject({ status: 0 });
});
