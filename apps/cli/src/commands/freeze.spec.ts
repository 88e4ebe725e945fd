import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readSafetensors } from '@winnow/files/disk';
import { runWinnow } from '../testing/run-winnow.ts';

jest.setTimeout(60_000);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-freeze-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function finishedRun(model: string): Promise<string> {
  const out = join(folder, model);
  const args = ['--dataset', 'digits', '--method', 'magnitude', '--density', '0.1'];
  const { status } = await runWinnow(
    ...['run', '--model', model, '--epochs', '2', '--start', 'init', '--out', out, ...args],
  );
  expect(status).toBe(0);
  return out;
}

const tensors = async (path: string) => (await readSafetensors(path)).tensors;

describe('winnow freeze', () => {
  it("writes a run's weights with PyTorch's running statistics, and tells the accuracy before and after", async () => {
    const run = await finishedRun('resnet8');
    const { status, stdout } = await runWinnow('freeze', run, '--json');
    expect(status).toBe(0);
    const result = JSON.parse(await readFile(join(run, 'result.json'), 'utf8')) as {
      testAccuracy: number;
    };
    const frozen = JSON.parse(stdout) as Record<string, unknown>;
    expect(frozen).toMatchObject({
      normalizations: 9,
      images: 1294,
      out: join(run, 'frozen.safetensors'),
      before: { accuracy: result.testAccuracy, examples: 360 },
      after: { accuracy: expect.any(Number), examples: 360 },
    });
    const [weights, written] = await Promise.all(
      ['weights', 'frozen'].map((name) => tensors(join(run, `${name}.safetensors`))),
    );
    for (const [name, tensor] of weights!) expect(written!.get(name)).toEqual(tensor);
    const added = [...written!].filter(([name]) => !weights!.has(name));
    expect(added.length).toBe(18);
    for (const [name, { shape, data }] of added) {
      expect(shape).toEqual(weights!.get(name.replace(/running_\w+$/, 'weight'))!.shape);
      if (name.endsWith('_var')) for (const v of data as Float32Array) expect(v).toBeGreaterThan(0);
    }
  });

  it('copies the weights of a network that does not normalise', async () => {
    const run = await finishedRun('lenet');
    const out = join(folder, 'copy.safetensors');
    const { stdout } = await runWinnow('freeze', run, '--out', out);
    expect(stdout).toMatch(/^nothing normalises .*\ntest accuracy [\d.]+ % of 360 test images\n/);
    expect(await tensors(out)).toEqual(await tensors(join(run, 'weights.safetensors')));
  });

  it('refuses a run that is not finished, and what is no run', async () => {
    const run = await finishedRun('resnet8');
    await rm(join(run, 'result.json'));
    await rm(join(run, 'frozen.safetensors'), { force: true });
    const outcomes = await Promise.all([runWinnow('freeze', run), runWinnow('freeze', folder)]);
    expect(outcomes.map(({ status }) => status)).toEqual([1, 1]);
    expect(outcomes[0].stderr).toMatch(/^error \[RUN_NOT_FINISHED\]: The run in .*resnet8 .+\n$/);
    expect(outcomes[1].stderr).toMatch(/^error \[NOT_A_RUN\]: .+\n$/);
    expect(existsSync(join(run, 'frozen.safetensors'))).toBe(false);
  });
});
