import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readSafetensors, writeSafetensors } from '@winnow/files/disk';
import { Golden, relativeError } from '@winnow/golden';
import { runWinnow } from '../testing/run-winnow.ts';

jest.setTimeout(60_000);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-score-'));
});
afterAll(() => rm(folder, { recursive: true }));

const score = (method: string, out: string, ...args: string[]) =>
  runWinnow(
    ...['score', '--method', method, '--model', 'resnet8', '--weights', Golden.path('weights')],
    ...['--dataset', `tensor-file:${Golden.path('batch')}`, '--density', '0.05', '--out', out],
    ...args,
  );

describe('winnow score', () => {
  it("writes PyTorch's GraSP scores and keeps the lowest", async () => {
    const out = join(folder, 'grasp.safetensors');
    const { status, stdout, stderr } = await score('grasp', out, '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ kept: 4892, size: 97840, images: 16 });
    const { tensors } = await readSafetensors(out);
    const golden = await Golden.load('saliency');
    const kept: number[] = [];
    const removed: number[] = [];
    for (const name of golden.names('grasp.')) {
      const scores = tensors.get(name)!.data as Float32Array;
      expect(relativeError(scores, golden.values(`grasp.${name}`))).toBeLessThan(1e-4);
      const mask = tensors.get(`mask.${name}`)!.data as Uint8Array;
      for (const [i, m] of mask.entries()) (m ? kept : removed).push(scores[i]!);
    }
    expect(kept.length).toBe(4892);
    expect(kept.reduce((a, b) => Math.max(a, b))).toBeLessThanOrEqual(
      removed.reduce((a, b) => Math.min(a, b)),
    );
  });

  const under = (mask: string) =>
    runWinnow(
      ...['objective', '--model', 'resnet8', '--weights', Golden.path('weights'), '--mask', mask],
      ...['--dataset', `tensor-file:${Golden.path('batch')}`, '--objectives', 'loss', '--json'],
    );

  it('writes a mask that winnow objective takes, layers that are left out whole', async () => {
    const out = join(folder, 'magnitude.safetensors');
    expect((await score('magnitude', out)).status).toBe(0);
    const { status, stdout } = await under(out);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ density: 4892 / 97840 });
    expect((await score('magnitude', out, '--leave-out', 'stem.*')).status).toBe(0);
    // The stem has 432 weights; ⌊0.05 · 97,408⌋ of the others are kept.
    const whole = JSON.parse((await under(out)).stdout) as { density: number };
    expect(whole.density).toBeCloseTo((432 + 4870) / 97840, 12);
  });

  it('writes a mask that winnow objective refuses for another network', async () => {
    const out = join(folder, 'of-another.safetensors');
    expect((await score('magnitude', out)).status).toBe(0);
    const { tensors } = await readSafetensors(out);
    const [name, mask] = [...tensors].find(([one]) => one.startsWith('mask.'))!;
    await writeSafetensors(out, [...tensors, ['mask.stage4.conv.weight', mask]]);
    expect((await under(out)).stderr).toMatch(
      /^error \[TICKET_MISMATCH\]: .* holds "mask\.stage4\.conv\.weight", and resnet8 has no such/,
    );
    await writeSafetensors(
      out,
      [...tensors].filter(([one]) => one !== name),
    );
    expect((await under(out)).stderr).toContain(`lacks the tensor "${name}"`);
  });

  it('names the methods that score', async () => {
    const { status, stderr } = await score('cts', join(folder, 'none.safetensors'));
    expect(status).toBe(1);
    expect(stderr).toContain("'--method <name>' argument 'cts' is invalid");
    for (const name of ['snip', 'grasp', 'synflow', 'magnitude', 'saliency'])
      expect(stderr).toContain(name);
  });
});
