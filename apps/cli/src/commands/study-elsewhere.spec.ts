import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pluginFolder } from '../testing/plugin-folder.ts';
import { runWinnowIn } from '../testing/run-winnow.ts';

/** A method that fails at a density, and an executor that keeps all that it gets for later. */
const PLUGIN = `
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineExecutor, definePlugin } from '@winnow/plugin-api';
import { magnitude } from '@winnow/pruners';
const findTicket = async (context, options) => {
  if (context.density === 0.05) throw new Error('it broke');
  return magnitude.findTicket(context, options);
};
const inState = ({ state }) => join(state, 'jobs.json');
const jobsOf = (setting) => {
  try { return JSON.parse(readFileSync(inState(setting))); } catch { return []; }
};
const parked = defineExecutor({
  name: 'parked',
  summary: 'begins nothing',
  options: magnitude.options,
  async execute(jobs, setting) {
    mkdirSync(setting.state, { recursive: true });
    const waiting = jobs.map(({ folder, until }) => ({ folder, until, state: 'waiting' }));
    writeFileSync(inState(setting), JSON.stringify(waiting));
  },
  async underWay(setting) { return jobsOf(setting); },
  async cancel(setting) {
    const { length } = jobsOf(setting);
    rmSync(inState(setting), { force: true });
    return length;
  },
});
export default definePlugin({ name: 'mine', components: [{ ...magnitude, name: 'fragile', findTicket }, parked] });
`;
const STUDY = `
base: { dataset: digits, model: lenet, epochs: 1, start: init, method: fragile }
axes:
  density: [0.1, 0.05]
`;

let dir: string;
beforeAll(async () => {
  dir = await pluginFolder({ 'mine.mjs': PLUGIN, 's.yaml': `plugins: [./mine.mjs]${STUDY}` });
});
afterAll(() => rm(dir, { recursive: true }));

const study = (...words: string[]) => runWinnowIn(dir, 'study', ...words);

it('is told of, and cancelled, where it was handed over by a flag', async () => {
  const handed = await study('run', 's.yaml', '--executor', 'parked', '--no-follow');
  expect(handed).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('2 jobs wait at parked'),
  });
  expect((await study('status', 's.yaml')).stdout).toMatch(/\n2 jobs wait at parked\n$/);
  const { stdout } = await study('status', 's.yaml', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ waiting: 2 });
  expect((await study('cancel', 's.yaml', '--executor', 'local')).stdout).toBe(
    'local: nothing is under way\n',
  );
  expect(await study('cancel', 's.yaml')).toMatchObject({
    status: 0,
    stdout: 'local: nothing is under way\nparked: 2 told to save and stop\n',
  });
  expect(JSON.parse((await study('cancel', 's.yaml', '--json')).stdout)).toEqual({ told: 0 });
});

it('is tried again where it was carried out, by what it was told to be', async () => {
  await writeFile(join(dir, 'bare.yaml'), STUDY);
  const told = ['--runs', 'else where', '--plugin', './mine.mjs'];
  const { status, stderr } = await study('run', 'bare.yaml', ...told);
  const flags = "bare.yaml --runs 'else where' --plugin ./mine.mjs";
  expect(status).toBe(1);
  expect(stderr).toContain(
    `\`winnow study status ${flags}\` tells why, \`winnow study retry ${flags}\` tries again.`,
  );
  await writeFile(join(dir, 'none.yaml'), `runs: none\nplugins: [./mine.mjs]${STUDY}`);
  const { stderr: none } = await runWinnowIn(dir, 'results', 'none.yaml');
  expect(none).toMatch(
    /^error \[NO_RUNS\]: None of the runs of none\.yaml is in none\. .* if they were made by --runs DIR, give DIR\.$/m,
  );
});

it('goes on, and is told of, where a file of one run is damaged', async () => {
  const there = ['s.yaml', '--runs', 'else where'];
  const [run] = (await readdir(join(dir, 'else where'))).filter((name) => name.includes('-0.1-'));
  await writeFile(join(dir, 'else where', run!, 'result.json'), '{');
  const why = new RegExp(
    `2 runs: 1 failed, 1 unreadable\\n[^]*${run} cannot be read: .*result\\.json`,
  );
  for (const words of [['status'], ['plan', '--no-estimate']]) {
    const { status, stdout } = await study(words[0]!, ...there, ...words.slice(1));
    expect([status, stdout]).toEqual([0, expect.stringMatching(why)]);
  }
  for (const command of ['run', 'retry']) {
    const { status, stdout, stderr } = await study(command, ...there);
    expect([status, stdout]).toEqual([1, expect.stringMatching(why)]);
    expect(stderr).toMatch(
      new RegExp(`error \\[RUNS_FAILED\\]: 1 run failed: \\S+; 1 run cannot be read: ${run}\\.`),
    );
  }
  await writeFile(join(dir, 'there.yaml'), `runs: else where\nplugins: [./mine.mjs]${STUDY}`);
  const listed = await runWinnowIn(dir, 'list', 'runs', 'there.yaml', '--json');
  expect((JSON.parse(listed.stdout) as { state: string }[]).map(({ state }) => state)).toEqual([
    ...['unreadable', 'failed'],
  ]);
});

it('has no run in an empty folder, whatever is asked for', async () => {
  await mkdir(join(dir, 'empty'));
  const asked = ['list', 'runs', 'empty', '--where', 'state=failed', '--json'];
  expect(await runWinnowIn(dir, ...asked)).toMatchObject({ status: 0, stdout: '[]\n' });
});
