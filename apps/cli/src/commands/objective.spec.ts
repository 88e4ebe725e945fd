import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readSafetensors } from '@winnow/files/disk';
import { Golden, relativeError } from '@winnow/golden';
import { runWinnow } from '../testing/run-winnow.ts';

const OUR_NAMES: Readonly<Record<string, string>> = {
  deltaloss: 'delta-loss',
  gradnorm: 'gradient-norm',
  gradmatch: 'gradient-match',
};
const TOLERANCE = 1e-4;

const objective = (...args: string[]) =>
  runWinnow(
    'objective',
    ...['--model', 'resnet8', '--weights', Golden.path('weights'), '--mask', Golden.path('mask')],
    ...['--dataset', `tensor-file:${Golden.path('batch')}`, '--json', ...args],
  );

jest.setTimeout(60_000);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-objective-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('winnow objective', () => {
  it("prints PyTorch's values of all objectives under a relaxed mask", async () => {
    const { status, stdout, stderr } = await objective();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const text = await readFile(join(dirname(Golden.path('mask')), 'objectives.json'), 'utf8');
    const golden = Object.entries(JSON.parse(text) as Record<string, number>);
    const { objectives, batch, density } = JSON.parse(stdout) as {
      objectives: Record<string, number>;
      batch: number;
      density: number;
    };
    expect(Object.keys(objectives).toSorted()).toEqual(
      golden.map(([name]) => OUR_NAMES[name] ?? name).toSorted(),
    );
    for (const [name, value] of golden) {
      const ours = objectives[OUR_NAMES[name] ?? name]!;
      expect(Math.abs(ours / value - 1)).toBeLessThan(TOLERANCE);
    }
    const mask = await Golden.load('mask');
    const all = mask.concatenated('', mask.names());
    expect(batch).toBe(16);
    expect(density).toBeCloseTo(all.reduce((sum, m) => sum + m, 0) / all.length, 6);
  });

  it("writes PyTorch's gradient for each objective and prunable parameter", async () => {
    const out = join(folder, 'gradient.safetensors');
    const { status, stdout } = await objective('--objectives', 'kl,loss', '--gradient-out', out);
    expect(status).toBe(0);
    const { objectives } = JSON.parse(stdout) as { objectives: Record<string, number> };
    expect(Object.keys(objectives)).toEqual(['kl', 'loss']);

    const [weights, mask, concrete] = await Promise.all(
      ['weights', 'mask', 'concrete'].map((name) => Golden.load(name)),
    );
    const prunable = mask!.names();
    const { tensors } = await readSafetensors(out);
    expect([...tensors.keys()]).toEqual(
      ['kl', 'loss'].flatMap((name) => prunable.map((parameter) => `${name}.${parameter}`)),
    );
    for (const [key, { shape, data }] of tensors) {
      const [, name, parameter] = /^(kl|loss)\.(.*)$/.exec(key)!;
      expect(shape).toEqual(weights!.host(parameter!).shape);
      // Golden gradients are by the logits α, of which the mask is a sigmoid(α + noise).
      const m = mask!.values(parameter!);
      const byLogits = m.map((x, i) => Number(data[i]) * x * (1 - x));
      const golden = concrete!.values(`objectiveGrad.${name}.${parameter}`);
      expect(relativeError(byLogits, golden)).toBeLessThan(TOLERANCE);
    }
  });
});
