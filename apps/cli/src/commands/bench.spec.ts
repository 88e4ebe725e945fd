import { describe, expect, it, jest } from '@jest/globals';
import { runWinnow } from '../testing/run-winnow.ts';

const SMALL = ['--model', 'resnet8', '--batch', '4', '--steps', '2', '--backend', 'wasm'];
const bench = (...args: string[]) => runWinnow('bench', ...SMALL, ...args);

jest.setTimeout(60_000);

describe('winnow bench', () => {
  it.each([
    ['train', 1],
    ['masked', 0.05],
    ['cts', 0.05, { objective: 'kl' }],
    ['hessian', 1],
    ['forward', 1],
  ])('times steps of %s', async (mode, density, own: object = {}) => {
    const { status, stdout, stderr } = await bench(
      ...['--mode', mode, '--density', '0.05', '--threads', '2', '--json'],
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const result = JSON.parse(stdout) as Record<string, unknown>;
    const measured = ['medianMs', 'imagesPerSecond', 'peakRssMiB', 'gmacs'];
    for (const name of measured) expect(result[name]).toBeGreaterThan(0);
    expect(result).toEqual({
      model: 'resnet8',
      batch: 4,
      imageSize: 32,
      mode,
      density,
      backend: 'wasm',
      threads: 1,
      steps: 2,
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
      /^step +train, resnet8, 4 images of 32×32\nbackend +wasm, 1 thread\nmedian +/,
    );
    expect(stdout).toMatch(/│ WinnowBatchNormalize +│ +9 │ /);
  });

  it.each([
    [['--mode', 'trian'], 'INVALID_OPTION', /"trian".*train, masked, cts, hessian, forward/],
    [['--mode', 'cts', '--density', '1'], 'BAD_DENSITY', /density 1 /],
    [['--model', 'resnt8'], 'UNKNOWN_NAME', /mean "resnet8"/],
  ])('refuses %j', async (args, code, problem) => {
    const { status, stdout, stderr } = await bench(...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^.+\n$/);
    expect(stderr).toMatch(problem);
    expect(stderr.startsWith(`error [${code}]: `)).toBe(true);
  });
});
