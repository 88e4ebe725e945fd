import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runWinnow } from '../testing/run-winnow.ts';

const SMALL = ['--model', 'resnet8', '--batch', '4', '--steps', '2', '--backend', 'wasm'];
const bench = (...args: string[]) => runWinnow('bench', ...SMALL, ...args);

jest.setTimeout(60_000);

describe('winnow bench', () => {
  it.each([
    ['train', 1, 'backend'],
    ['masked', 0.05, 'backend'],
    ['cts', 0.05, 'backend', { objective: 'kl' }],
    ['hessian', 1, 'second-derivatives'],
    ['forward', 1, 'backend'],
  ])('times steps of %s', async (mode, density, why, own: object = {}) => {
    const { status, stdout, stderr } = await bench(
      ...[
        '--mode',
        mode,
        ...(density < 1 ? ['--density', '0.05'] : []),
        '--threads',
        '2',
        '--json',
      ],
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const result = JSON.parse(stdout) as Record<string, unknown>;
    const measured = ['medianMs', 'imagesPerSecond', 'peakRssMiB', 'gmacs'];
    for (const name of measured) expect(result[name]).toBeGreaterThan(0);
    expect(result).toEqual({
      model: 'resnet8',
      batch: 4,
      imageSize: 32,
      channels: 3,
      classes: 10,
      mode,
      density,
      backend: 'wasm',
      threads: 1,
      steps: 2,
      road: { by: 'ops', why },
      ...own,
      ...Object.fromEntries(measured.map((name) => [name, expect.any(Number)])),
    });
  });

  it('tells what each op takes in a step', async () => {
    const { stdout } = await bench('--mode', 'cts', '--profile', '--json');
    const { profile } = JSON.parse(stdout) as {
      profile: { op: string; calls: number; ms: number }[];
    };
    expect(profile.map(({ ms }) => ms)).toEqual(
      profile.map(({ ms }) => ms).toSorted((a, b) => b - a),
    );
    const calls = new Map(profile.map(({ op, calls }) => [op, calls]));
    expect(calls.get('host')).toBe(1);
    // ResNet-8 has nine normalisations; the teacher and the sparse network do each once, and one of them goes back.
    expect(calls.get('WinnowBatchNormalize')).toBe(18);
    expect(calls.get('WinnowBatchNormalizeGrad')).toBe(9);
  });

  it('prints a table for people', async () => {
    const { stdout } = await bench('--profile');
    expect(stdout).toMatch(
      /^step +train, resnet8, 4 images of 32×32\nbackend +wasm, 1 thread\nroad +all weights, op by op: the backend has no programs\nmedian +/,
    );
    expect(stdout).toMatch(/│ WinnowBatchNormalize +│ +9 │ /);
  });

  it.each([
    [['--mode', 'trian'], 'INVALID_OPTION', /"trian".*train, masked, cts, hessian, forward/],
    [['--mode', 'cts', '--density', '1'], 'BAD_DENSITY', /density 1 /],
    [['--model', 'resnt8'], 'UNKNOWN_NAME', /mean "resnet8"/],
    [['--model', 'vgg11', '--shortcut', 'identity'], 'OPTION_NOT_USED', /--shortcut/],
    [
      ['--density', '0.05'],
      'OPTION_NOT_USED',
      /"train" have no use for --density\. Give --mode masked or --mode cts, or leave it out\./,
    ],
    [
      ['--mode', 'masked', '--objective', 'loss'],
      'OPTION_NOT_USED',
      /"masked" have no use for --objective\. Give --mode cts, or leave it out\./,
    ],
  ])('refuses %j', async (args, code, problem) => {
    const { status, stdout, stderr } = await bench(...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^.+\n$/);
    expect(stderr).toMatch(problem);
    expect(stderr.startsWith(`error [${code}]: `)).toBe(true);
  });
});

it.each([
  'resnet20-0.0074-seed1',
  'resnet20-0.0074-seed2',
  'resnet20-0.05-seed1',
  'resnet20-0.05-seed2',
])('winnow bench takes the ticket %s of this repository', async (name) => {
  const file = new URL(`../../../../benchmarks/tickets/${name}.safetensors`, import.meta.url);
  const args = ['--model', 'resnet20', '--mode', 'forward', '--ticket', fileURLToPath(file)];
  const { stdout } = await bench(...args, '--json');
  const { density } = JSON.parse(stdout) as { density: number };
  expect(density).toBeCloseTo(Number(name.split('-')[1]), 4);
});

describe('winnow bench under the ticket of a run', () => {
  let folder: string;
  const ticket = () => join(folder, 'run', 'ticket.safetensors');
  const DIGITS = ['--channels', '1', '--image-size', '8', '--shortcut', 'projection'];
  const under = (mode: string, ...args: string[]) =>
    bench('--mode', mode, '--ticket', ticket(), ...args);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'winnow-bench-'));
    const args = ['--method', 'magnitude', '--density', '0.1', '--leave-out', 'head.*'];
    const { status } = await runWinnow(
      ...['run', '--dataset', 'digits', '--model', 'resnet8', '--shortcut', 'projection', ...args],
      ...['--start', 'init', '--until', 'ticket', '--out', join(folder, 'run')],
    );
    expect(status).toBe(0);
    // All that is needed of the run.
    await rm(join(folder, 'run', 'start.safetensors'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(['masked', 'forward'])('times steps of %s, and tells what is kept', async (mode) => {
    const { status, stdout, stderr } = await under(mode, ...DIGITS, '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const result = JSON.parse(stdout) as { density: number; ticket: { kept: number } };
    const { kept } = result.ticket;
    // Without the 640 of the head, and with 1×1 shortcuts.
    const size = 76_432;
    expect(result).toMatchObject({ mode, channels: 1, ticket: { file: ticket(), kept, size } });
    expect(kept).toBe(Math.floor(0.1 * size));
    expect(result.density).toBeCloseTo(kept / size, 4);
  });

  it('tells people so', async () => {
    const { stdout } = await under('forward', ...DIGITS);
    expect(stdout).toMatch(
      /\nticket +.*ticket\.safetensors, 7,643 of 76,432 weights kept\ndensity +0\.09999/,
    );
  });

  it.each([
    [['train', ...DIGITS], 'OPTION_NOT_USED', /"train" have no use for a ticket/],
    [['cts', ...DIGITS], 'OPTION_NOT_USED', /"cts" have no use for a ticket/],
    [['masked'], 'TICKET_MISMATCH', /resnet8: "stem\.conv\.weight" is \[16, 1, 3, 3\]/],
    [['forward', ...DIGITS, '--model', 'vgg11'], 'OPTION_NOT_USED', /--shortcut/],
    [['forward', ...DIGITS.slice(0, 4), '--model', 'resnet20'], 'TICKET_MISMATCH', /does not fit/],
  ] as const)('refuses %j', async ([mode, ...args], code, problem) => {
    const { status, stdout, stderr } = await under(mode, ...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(problem);
    expect(stderr.startsWith(`error [${code}]: `)).toBe(true);
  });

  it('refuses a file that is no ticket, and a density beside one', async () => {
    const absent = await bench('--mode', 'masked', '--ticket', join(folder, 'absent'));
    expect(absent.stderr).toMatch(/^error \[FILE_NOT_READABLE\]: .*absent/);
    const both = await under('masked', '--density', '0.05');
    expect(both.status).toBe(1);
    expect(both.stderr).toMatch(/'--ticket <file>' cannot be used with .*'--density <fraction>'/);
  });
});
