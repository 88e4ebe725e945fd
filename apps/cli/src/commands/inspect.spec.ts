import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RunFolder } from '@winnow/experiments';
import { runWinnow } from '../testing/run-winnow.ts';

jest.setTimeout(60_000);

const RUN = (
  'run --dataset digits --model lenet --method magnitude --start init --density 0.01 --epochs 1 ' +
  '--batch-size 512 --backend wasm'
).split(' ');
const OPS = { by: 'ops', why: 'backend' };
/** What this machine computes with all weights by. */
const withAllWeights = (backend: string) => {
  if (backend !== 'native') return OPS;
  return { by: expect.stringMatching(/^(program|ops)$/) };
};
const NOTES = [
  'no path of kept weights leads from the image to the logits: every image gets the same answer',
  'nothing is kept of fc2.weight, and no image reaches the logits through it',
];
const MS = { train: expect.any(Number), inference: expect.any(Number) };

let dir: string;
const at = (...path: string[]) => join(dir, ...path);
const told = async (...args: string[]) =>
  JSON.parse((await runWinnow('inspect', ...args, '--json')).stdout) as Record<string, unknown>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-inspect-'));
  const { status, stdout } = await runWinnow(...RUN, '--out', at('run'));
  expect(stdout).toMatch(/\ntraining and evaluation: all weights, op by op: the backend has no /);
  expect(status).toBe(0);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('winnow inspect of a run', () => {
  it('tells by what it was computed, how fast that was measured to be, and by what it is here', async () => {
    const { run, here } = await told(at('run'));
    expect(run).toEqual({
      notes: NOTES,
      roads: { train: OPS, evaluate: OPS },
      speed: { batch: 512, backend: 'wasm', threads: 1, dense: MS, ticket: MS },
    });
    const { backend, roads } = here as { backend: string; roads: object };
    const layers = { dense: [], kept: ['fc1', 'fc2', 'fc3'] };
    const taken = backend === 'native' ? { by: 'program', layers } : OPS;
    expect(roads).toMatchObject({ train: taken, evaluate: taken, dense: withAllWeights(backend) });
    // Magnitude searches for nothing.
    expect(roads).not.toHaveProperty('search');
  });

  it('says so to people, and on the page', async () => {
    const { stdout } = await runWinnow('inspect', at('run'));
    expect(stdout).toMatch(
      /As its run was computed:\ntraining and evaluation: all weights.*\nOne batch of 512 images, measured once on wasm, 1 thread:\n/,
    );
    expect(stdout).toMatch(/training step.*ms.*ms/);
    expect(stdout).toMatch(/\ndense training: (.+)\n/);
    expect(stdout).not.toMatch(/^search/m);
    expect(stdout).toContain(`\n${NOTES.join('\n')}\n`);
    const page = await readFile(at('run', 'report.html'), 'utf8');
    expect(page).toContain('all weights, op by op: the backend has no programs');
    expect(page).toContain('One batch of 512 images, measured once on wasm, 1 thread.');
    for (const note of NOTES) expect(page).toContain(`Note: ${note}.`);
  });

  it('says that it is not finished', async () => {
    await runWinnow(...RUN, '--until', 'ticket', '--out', at('begun'));
    const { stdout } = await runWinnow('inspect', at('begun'));
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      `Its run is not finished: \`winnow resume ${at('begun')}\` goes on with it.`,
    );
    expect((await runWinnow('inspect', at('run'))).stdout).not.toContain('not finished');
    expect(await told(at('begun'))).toMatchObject({ unfinished: at('begun') });
    expect(await told(at('run'))).not.toHaveProperty('unfinished');
    await new RunFolder(at('begun')).hold(async () => {
      expect((await runWinnow('inspect', at('begun'))).stdout).toMatch(
        new RegExp(`\nIts run is not finished: process ${process.pid} on .+ since .+Z\\.\n$`),
      );
      expect(await told(at('begun'))).toMatchObject({ worker: { pid: process.pid } });
    });
  });

  it('of a ticket elsewhere tells of no run', async () => {
    await writeFile(at('t.safetensors'), await readFile(at('run', 'ticket.safetensors')));
    const inspected = await told(at('t.safetensors'), '--input', '8x8x1');
    expect(Object.keys(inspected)).not.toContain('run');
  });

  it.each([
    ['snip', (backend: string) => withAllWeights(backend)],
    ['grasp', () => ({ by: 'ops', why: 'second-derivatives' })],
  ])('tells by what its method, %s, searches here', async (method, road) => {
    const run = RUN.map((word) => (word === 'magnitude' ? method : word));
    const { status } = await runWinnow(...run, '--until', 'ticket', '--out', at(method));
    expect(status).toBe(0);
    const { here } = await told(at(method));
    const { backend, roads } = here as { backend: string; roads: object };
    expect(roads).toMatchObject({ search: road(backend) });
    expect((await runWinnow('inspect', at(method))).stdout).toMatch(/\nsearch: /);
  });
});

describe('winnow inspect of a model', () => {
  it('tells its layers, and by what it is computed', async () => {
    const { model, parameters, here } = await told('resnet8', '--input', '32x32x3');
    expect(model).toBe('resnet8');
    expect(parameters).toContainEqual({
      ...{ name: 'stem.conv.weight', shape: [16, 3, 3, 3], size: 432, prunable: true },
      multiplyAdds: 432 * 32 * 32,
    });
    const { backend, roads } = here as { backend: string; roads: object };
    expect(roads).toMatchObject({
      dense: withAllWeights(backend),
      search: withAllWeights(backend),
    });
    const { stdout } = await runWinnow('inspect', 'resnet8', '--input', '8x8x1');
    expect(stdout).toMatch(/^resnet8\n/);
    expect(stdout).toMatch(/under a ticket of few weights:\ntraining and evaluation: /);
    expect(stdout).toMatch(/\ndense training: (.+)\nsearch by an objective of logits: \1\n/);
  });

  it.each([
    [['resnet8'], 'INVALID_OPTION', /Give --input/],
    [['resnet8', '--input', '8x8x1', '--picture', 'x.svg'], 'OPTION_NOT_USED', /Leave --picture/],
    [['resnt8'], 'FILE_NOT_READABLE', /or the name of a model/],
  ])('refuses %j', async (args, code, hint) => {
    const { status, stdout, stderr } = await runWinnow('inspect', ...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.startsWith(`error [${code}]: `)).toBe(true);
    expect(stderr).toMatch(hint);
  });
});
