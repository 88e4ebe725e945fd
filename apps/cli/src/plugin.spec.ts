import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Golden } from '@winnow/golden';
import { runWinnow } from './testing/run-winnow.ts';

const SOURCE = `
import { mean, square } from '@tensorflow/tfjs-core';
import { defineObjective, definePlugin } from '@winnow/plugin-api';

const common = { lossScale: 1, stationaryAtDense: false };
export default definePlugin({
  name: 'sizes',
  components: [
    defineObjective({
      ...common,
      name: 'logit-size',
      summary: 'mean square of the logits',
      evaluate: ({ sparse }) => mean(square(sparse.logits())),
    }),
    defineObjective({
      ...common,
      name: 'all-logits',
      summary: 'no scalar',
      evaluate: ({ sparse }) => sparse.logits(),
    }),
  ],
});
`;

jest.setTimeout(60_000);

// Within the project, where the packages that a plugin imports are installed.
const parent = fileURLToPath(new URL('../out-tsc/', import.meta.url));
let folder: string;
let plugin: string;
beforeAll(async () => {
  await mkdir(parent, { recursive: true });
  folder = await mkdtemp(join(parent, 'plugin-'));
  plugin = join(folder, 'sizes.mjs');
  await writeFile(plugin, SOURCE);
});
afterAll(() => rm(folder, { recursive: true }));

const objective = (name: string) =>
  runWinnow(
    'objective',
    ...['--plugin', plugin, '--objectives', name, '--json', '--model', 'resnet8'],
    ...['--weights', Golden.path('weights'), '--dataset', `tensor-file:${Golden.path('batch')}`],
  );

describe('--plugin', () => {
  it('need not be given again to compare runs that recorded it', async () => {
    const out = join(folder, 'run');
    const words = '--dataset digits --model resnet8 --method magnitude --density 0.1 --epochs 1';
    const started = await runWinnow(
      ...['run', '--plugin', plugin, ...words.split(' ')],
      ...['--start', 'init', '--until', 'ticket', '--out', out],
    );
    expect(started.stderr).not.toContain('error');
    const { status, stdout } = await runWinnow(
      ...['compare', out, '--objectives', 'logit-size', '--images', '128', '--json'],
      ...['--out', join(folder, 'comparison')],
    );
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as { objectives: string[] }).objectives).toEqual(['logit-size']);
  });

  it('adds an objective to those listed', async () => {
    const { status, stdout } = await runWinnow('list', 'objective', '--plugin', plugin, '--json');
    expect(status).toBe(0);
    const listed = (JSON.parse(stdout) as { objective: { name: string; summary: string }[] })
      .objective;
    expect(listed).toContainEqual({ name: 'logit-size', summary: 'mean square of the logits' });
    expect(listed.map(({ name }) => name)).toContain('kl');
  });

  it('lets an objective see the network', async () => {
    const { status, stdout } = await objective('logit-size');
    expect(status).toBe(0);
    const { objectives } = JSON.parse(stdout) as { objectives: Record<string, number> };
    const logits = (await Golden.load('forward')).values('logits');
    const golden = logits.reduce((sum, x) => sum + x * x, 0) / logits.length;
    expect(objectives['logit-size']! / golden).toBeCloseTo(1, 4);
  });

  it('names the objective that returns no scalar', async () => {
    const { status, stdout, stderr } = await objective('all-logits');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^error \[BAD_OBJECTIVE\]: Objective "all-logits" .*\[16, 10\].*\n$/);
  });
});
