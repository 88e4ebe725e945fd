import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pluginFolder } from '../testing/plugin-folder.ts';
import { runWinnowIn } from '../testing/run-winnow.ts';

/** Fails at a density for as long as there is a file that says so. */
const PLUGIN = `
import { existsSync } from 'node:fs';
import { defineObserver, definePlugin } from '@winnow/plugin-api';
import { appendFileSync } from 'node:fs';
import { z } from 'zod';
import { magnitude } from '@winnow/pruners';
const findTicket = async (context, options) => {
  if (context.density === 0.05 && existsSync(new URL('broken', import.meta.url))) throw new Error('it broke');
  return magnitude.findTicket(context, options);
};
const notebook = defineObserver({
  name: 'notebook',
  summary: 'writes what happens into a file',
  options: z.strictObject({}),
  observe: ({ place }) => ({ on: ({ type }) => appendFileSync(place + '/notes.txt', type + '\\n') }),
});
export default definePlugin({ name: 'fragile', components: [{ ...magnitude, name: 'fragile', findTicket }, notebook] });
`;
const STUDY = `
plugins: [./fragile.mjs]
base: { dataset: digits, model: lenet, epochs: 2, rewind-epochs: 1, method: fragile }
axes:
  density: [0.1, 0.05]
keep: [ticket]
`;

let dir: string;
beforeAll(async () => {
  dir = await pluginFolder({ 'fragile.mjs': PLUGIN, 'study.yaml': STUDY, broken: '' });
});
afterAll(() => rm(dir, { recursive: true }));

const runsIn = async (folder: string) =>
  (await readdir(join(dir, folder))).filter((name) => name !== 'report.html');
const study = (...words: string[]) => runWinnowIn(dir, 'study', ...words);

it('is planned, carried out but for what fails, tried again, and then done', async () => {
  const planned = await study('plan', 'study.yaml', '--no-estimate');
  expect(planned).toMatchObject({ status: 0 });
  expect(planned.stdout).toContain('2 runs: 2 new\n1 start point serves 2 runs\n');
  const first = await study('run', 'study.yaml');
  expect(first.stdout).toMatch(
    /2 runs: 1 done, 1 failed\n.*fragile-0\.05-.* failed: .*it broke.*\nPage: runs.report\.html\nNext: winnow results \S+\.yaml --means\n/,
  );
  expect(first.status).toBe(1);
  expect(first.stderr).toMatch(/^error \[RUNS_FAILED\]: 1 run failed: digits-lenet-fragile-0.05-/m);
  const { status, stdout } = await study('status', 'study.yaml', '--json');
  expect(status).toBe(0);
  const told = JSON.parse(stdout) as { runs: { failure?: object }[] };
  expect(told).toMatchObject({ folder: 'runs', states: { done: 1, failed: 1 }, waiting: 0 });
  expect(told.runs[1]!.failure).toMatchObject({ code: 'PLUGIN_FAILED' });
  // `run` would do nothing more.
  const left = await study('plan', 'study.yaml', '--json');
  expect(JSON.parse(left.stdout)).toMatchObject({ states: { failed: 1 }, minutes: 0 });
  expect((await study('run', 'study.yaml', '--dry-run')).stdout).toBe('\n');
  expect((await study('retry', 'study.yaml', '--dry-run')).stdout).toMatch(
    /^digits-lenet-fragile-0\.05-\S+\n$/,
  );
  await rm(join(dir, 'broken'));
  expect((await study('run', 'study.yaml')).stdout).toContain('1 done, 1 failed');
  expect(await study('retry', 'study.yaml')).toMatchObject({ status: 0 });
  const cleaned = await study('clean', 'study.yaml', '--others', '--dry-run');
  expect(cleaned.stdout).toBe('0 paths would be removed\n');
});

it('has observers watch its runs, and refuses one that is none by its line', async () => {
  await writeFile(join(dir, 'watched.yaml'), `${STUDY}runs: watched\nobserve: [tensorboard]\n`);
  expect((await study('run', 'watched.yaml')).status).toBe(0);
  for (const run of await runsIn('watched'))
    expect(await readdir(join(dir, 'watched', run))).toContain('tensorboard');
  // One that a plugin brings, of which the run itself uses nothing.
  const plain = STUDY.replace('fragile }', 'magnitude }');
  await writeFile(join(dir, 'noted.yaml'), `${plain}runs: noted\nobserve: [notebook]\n`);
  expect((await study('run', 'noted.yaml')).status).toBe(0);
  for (const run of await runsIn('noted'))
    expect(await readFile(join(dir, 'noted', run, 'notes.txt'), 'utf8')).toContain('\nresult\n');
  const dryRun = ['run', 'watched.yaml', '--dry-run', '--runs', 'other', '--executor', 'slurm'];
  expect((await study(...dryRun, '--observe', 'mlflow')).stdout).toMatch(/--observe mlflow\b/);
  await writeFile(join(dir, 'watched.yaml'), `${STUDY}observe: [tensorbord]\n`);
  expect((await study('run', 'watched.yaml')).stderr).toContain(
    'error [BAD_STUDY]: watched.yaml, line 7: there is no observer "tensorbord". Did you mean "tensorboard"?',
  );
});

it('stands for its runs where results are asked for', async () => {
  const { base, axes } = { base: /^base: .*$/m.exec(STUDY)![0], axes: 'axes: { density: [0.05] }' };
  await writeFile(join(dir, 'part.yaml'), `plugins: [./fragile.mjs]\n${base}\n${axes}\n`);
  const densities = async (...words: string[]) =>
    (JSON.parse((await runWinnowIn(dir, ...words)).stdout) as { density: number }[]).map(
      ({ density }) => density,
    );
  expect(await densities('results', 'runs', '--format', 'json')).toEqual([0.1, 0.05]);
  expect(await densities('results', 'part.yaml', '--format', 'json')).toEqual([0.05]);
  expect(await densities('report', 'part.yaml', '--json')).toEqual([0.05]);
  expect(await densities('list', 'runs', 'part.yaml', '--json')).toEqual([0.05]);
  await writeFile(
    join(dir, 'part.yaml'),
    `plugins: [./fragile.mjs]\n${base}\naxes: { density: [0.05, 0.2] }\n`,
  );
  const some = await runWinnowIn(dir, 'results', 'part.yaml');
  expect(some.stderr).toMatch(/^note: 1 of the 2 runs of part\.yaml is not begun\.\n/);
  await writeFile(
    join(dir, 'part.yaml'),
    `plugins: [./fragile.mjs]\n${base}\n${axes}\nseeds: [7]\n`,
  );
  const { status, stderr } = await runWinnowIn(dir, 'results', 'part.yaml');
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^error \[NO_RUNS\]: None of the /m)]);
});

it('is begun by a file that is new, and can be planned', async () => {
  for (const words of [['new.yaml'], ['paper.yaml', '--paper', 'figure2']]) {
    expect(await study('init', ...words)).toMatchObject({ status: 0 });
    expect(await study('plan', words[0]!, '--no-estimate')).toMatchObject({ status: 0 });
  }
  const schema = JSON.parse(await readFile(join(dir, 'study.schema.json'), 'utf8')) as {
    $defs: { settings: { properties: object } };
  };
  expect(Object.keys(schema.$defs.settings.properties)).toEqual(
    expect.arrayContaining(['method', 'batch-size', 'search-epochs', 'data-dir']),
  );
  expect((await study('init', 'other.yaml', '--scale', 'hours')).stderr).toContain(
    'error [OPTION_NOT_USED]: Only studies of the paper have a scale.',
  );
  const { stderr } = await study('init', 'new.yaml');
  expect(stderr).toContain('error [STUDY_EXISTS]: new.yaml is there already.');
  const named = await study('init', 'fresh/study.schema.json');
  expect(named.stderr).toContain(
    'error [STUDY_EXISTS]: study.schema.json is the name of the schema beside a study.',
  );
  await writeFile(join(dir, 'study.schema.json'), '{ "mine": 1 }');
  const third = await study('init', 'third.yaml');
  expect(third).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/schema\.json was there and stays/),
  });
  expect(await readFile(join(dir, 'study.schema.json'), 'utf8')).toBe('{ "mine": 1 }');
});

it('tells of its commands, and what is wrong in calling one, where the others do', async () => {
  expect((await study('run', '--help')).stdout).toMatch(/^Usage: winnow study run /);
  expect(await study('run')).toMatchObject({
    ...{ status: 1, stdout: '' },
    stderr: "error: missing required argument 'file'\n",
  });
  const both = await study('run', 'study.yaml', '--dry-run', '--json');
  expect(both.stderr).toMatch(/^error: option '--dry-run' cannot be used with option '--json'\n$/);
});

it('names the line of what is wrong, of options of its executor too', async () => {
  await writeFile(join(dir, 'bad.yaml'), `${STUDY}\nexecutor: { name: local, parallell: 2 }\n`);
  expect((await study('run', 'bad.yaml')).stderr).toContain(
    'error [BAD_STUDY]: bad.yaml, line 8: executor "local" has no option "parallell". Did you mean "parallel"?',
  );
  await writeFile(join(dir, 'bad.yaml'), 'base: [\n');
  expect((await study('plan', 'bad.yaml')).stderr).toMatch(
    /error \[BAD_STUDY\]: bad.yaml, line 2: this is not YAML/,
  );
});
