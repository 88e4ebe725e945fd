import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { RunFolder } from '@winnow/experiments';
import { runWinnow, runWinnowIn } from '../testing/run-winnow.ts';

jest.setTimeout(60_000);

const RUN =
  'run --dataset digits --model lenet --method random --start init --density 0.1 --epochs 1 ' +
  '--batch-size 512';

let dir: string;
const winnow = (...words: string[]) => runWinnowIn(dir, ...words);
const runs = async (...words: string[]) =>
  JSON.parse((await winnow(...words)).stdout) as Record<string, unknown>[];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-results-'));
  await winnow(...RUN.split(' '), '--seed', '1', '--out', 'runs/one');
  await winnow(...RUN.split(' '), '--seed', '2', '--out', 'runs/two', '--until', 'ticket');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

it('results has every setting and figure of a run as its result tells it', async () => {
  const result = await new RunFolder(join(dir, 'runs/one')).readResult();
  const { stdout, stderr, status } = await winnow('results', 'runs', '--format', 'json');
  expect([status, stderr]).toEqual([0, 'note: Left out, because not finished: runs/two.\n']);
  const { testAccuracy, testLoss, validationLoss, kept, peakMemoryBytes } = result!;
  expect(JSON.parse(stdout)).toEqual([
    expect.objectContaining({
      ...{ folder: 'runs/one', method: 'random', 'method.scope': 'global', density: 0.1 },
      ...{ model: 'lenet', dataset: 'digits', epochs: 1, batchSize: 512, start: 'init', seed: 1 },
      ...{ testAccuracy, testLoss, validationLoss, kept, peakMemoryBytes },
    }),
  ]);
  expect(peakMemoryBytes).toBeGreaterThan(2 ** 24);
});

it('results names every operator in its help', async () => {
  const { stdout } = await runWinnow('results', '--help');
  for (const operator of ['=', '!=', '<', '>', '<=', '>=']) expect(stdout).toContain(operator);
});

it('results goes into a file, in every format', async () => {
  for (const [format, beginning] of [
    ['csv', 'folder,method,'],
    ['json', '[{"folder":"runs/one"'],
    ['table', 'method '],
    ['markdown', '| method '],
    ['latex', '\\begin{tabular}'],
  ] as const) {
    const words = ['results', 'runs', '--format', format, '--out', `out/${format}`];
    expect(await winnow(...words)).toMatchObject({ status: 0, stdout: '' });
    const text = await readFile(join(dir, 'out', format), 'utf8');
    expect(text.startsWith(beginning)).toBe(true);
  }
});

it.each([
  ['--where metod=cts', /^error \[UNKNOWN_NAME\]: .* Did you mean "method"\?/],
  ['--where method', /^error \[INVALID_OPTION\]: --where method is no condition/],
  ['--group-by sed', /^error \[UNKNOWN_NAME\]: .* Did you mean "seed"\?/],
  ['--figure accuracy', /^error \[UNKNOWN_NAME\]/],
  ['--welch random', /^error: .* two methods with a comma between/],
  ['--welch random,snip', /^error \[UNKNOWN_NAME\]: .*"snip"/],
  ['--welch random,snip --means', /^error: .* cannot be used with/],
])('results refuses %s', async (words, message) => {
  const { status, stdout, stderr } = await winnow('results', 'runs', ...words.split(' '));
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(message);
});

it('list runs is the index of the folder runs', async () => {
  const { stdout } = await winnow('list', 'runs');
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^run +state +seed +test accuracy \(%\)$/);
  expect(lines[1]).toMatch(/^runs\/one +done +1 +\d+\.\d\d$/);
  expect(lines[2]).toMatch(/^runs\/two +begun +2$/);
  expect(await runs('list', '--json', 'runs', 'runs', '--where', 'state=done')).toEqual([
    expect.objectContaining({ folder: 'runs/one', state: 'done', seed: 1, reason: null }),
  ]);
  expect(await runWinnow('list', 'runs', join(dir, 'out'))).toMatchObject({
    stdout: `There is no run in ${join(dir, 'out')}.\n`,
  });
  expect(await winnow('list', 'runs', 'runs', '--where', 'seed>5')).toMatchObject({
    stdout: 'No run in runs is as --where says.\n',
  });
  expect(await runWinnow('list', 'objective', 'runs')).toMatchObject({ status: 1, stdout: '' });
});

const at = (path: string) => join(dir, path);
const figure = (words: string) => winnow('figure', ...words.split(' '));

it('figure writes a PDF and the numbers in it', async () => {
  await writeFile(at('style.yaml'), 'series:\n  random: { name: By chance }\n  snip: SNIP\n');
  const { status, stdout, stderr } = await figure(
    'accuracy runs --style style.yaml --out drawn/a.pdf',
  );
  expect([status, stdout]).toEqual([
    0,
    'Figure: drawn/a.pdf; its numbers: drawn/a.csv\nOf 1 seed.\n',
  ]);
  expect(stderr).toMatch(
    /^note: Left out, because not finished: runs\/two\.\nnote: style.yaml, line 3: /,
  );
  expect((await readdir(at('drawn'))).sort()).toEqual(['a.csv', 'a.pdf']);
  const { testAccuracy } = (await new RunFolder(at('runs/one')).readResult())!;
  expect(await readFile(at('drawn/a.csv'), 'utf8')).toBe(
    'panel,series,density,seed,of,value,n,mean,low,high\n' +
      `"lenet on digits","By chance",0.1,1,"testAccuracy",${testAccuracy},1,${testAccuracy},,\n`,
  );
});

it.each([
  ['checks runs --out no.pdf', /^error \[NO_FIGURE\]: .* `winnow check RUN`/],
  ['accuracy runs --out no.gif', /^error \[INVALID_OPTION\]: no.gif .* \.pdf, \.svg, \.png/],
  ['accuracy runs --out no.pdf --style bad.yaml', /^error \[BAD_STYLE\]: bad.yaml, line 2: /],
  ['accuracy runs --out no.pdf --cost minutes', /^error \[OPTION_NOT_USED\]: .* --cost/],
  ['accuracy runs --out no.pdf --where seed=9', /^error \[NO_RUNS\]/],
  ['accuracies runs --out no.pdf', /^error: .*Allowed choices are accuracy, /],
])('figure %s is refused, and writes nothing', async (words, message) => {
  await writeFile(at('bad.yaml'), 'fontSize: 8\ninterval: box\n');
  const { status, stdout, stderr } = await figure(words);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(message);
  expect((await readdir(dir)).filter((name) => name.startsWith('no.'))).toEqual([]);
});
