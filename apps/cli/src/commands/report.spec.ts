import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { RunFolder } from '@winnow/experiments';
import { runWinnow, spawnWinnowIn } from '../testing/run-winnow.ts';

jest.setTimeout(60_000);

const RUN = (
  'run --dataset digits --model lenet --method magnitude --start init --density 0.1 ' +
  '--epochs 1 --batch-size 512 --backend native'
).split(' ');

let dir: string;
/** Whether this machine has the engine. */
let isThere = false;
const at = (...path: string[]) => join(dir, ...path);
const setsOf = async (run: string) =>
  (await new RunFolder(at(run)).readEnvironments()).map(({ instructions }) => instructions);
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-report-'));
  const { status } = await spawnWinnowIn(dir, ...RUN, '--seed', '1', '--out', 'usual');
  isThere = status === 0;
  process.env['WINNOW_INSTRUCTIONS'] = 'scalar';
  await spawnWinnowIn(dir, ...RUN, '--seed', '2', '--out', 'scalar');
  delete process.env['WINNOW_INSTRUCTIONS'];
});
afterAll(() => rm(dir, { recursive: true, force: true }));

it('report and compare say by which instruction set each run was made', async () => {
  if (!isThere) return;
  const [usual] = await setsOf('usual');
  expect(await setsOf('scalar')).toEqual(['scalar']);
  const labels = [`magnitude (${usual})`, 'magnitude (scalar)'];
  const told = ['--out', at('told')];
  const report = await runWinnow('report', at('usual'), at('scalar'), ...told);
  for (const label of labels) expect(report.stdout).toContain(label);
  expect(report).toMatchObject({ status: 0, stdout: expect.not.stringContaining('n = 2') });
  for (const label of labels)
    expect(await readFile(at('told', 'runs.csv'), 'utf8')).toContain(label);
  const some = ['--where', 'instructions=scalar', '--json'];
  const { stdout } = await runWinnow('report', at('usual'), at('scalar'), ...some);
  expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ method: 'magnitude', seed: 2 })]);
  const compared = ['--objectives', 'loss', '--out', at('compared')];
  const compare = await runWinnow('compare', at('usual'), at('scalar'), ...compared);
  expect(compare.status).toBe(0);
  for (const label of labels) expect(compare.stdout).toContain(label);
});

it('report says of a run that was gone on with by what', async () => {
  if (!isThere) return;
  const [usual] = await setsOf('usual');
  await rm(at('scalar', 'result.json'));
  await rm(at('scalar', 'weights.safetensors'));
  expect(await spawnWinnowIn(dir, 'resume', 'scalar')).toMatchObject({ status: 0 });
  expect(await setsOf('scalar')).toEqual(['scalar', usual]);
  const { status, stdout } = await runWinnow('report', at('scalar'));
  expect(stdout).toContain(`magnitude (scalar then ${usual})`);
  expect(status).toBe(0);
});
