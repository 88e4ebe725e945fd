import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunEvent } from '@winnow/plugin-api';
import { observerConformance } from '@winnow/testing';
import { wandb } from './plugin.mjs';

/** Stands for a Python: keeps the lines in the run's folder. */
const STAND_IN = `#!${process.execPath}
const [, , log, place, project] = process.argv;
const lines = require('node:fs').readFileSync(0, 'utf8');
require('node:fs').appendFileSync(place + '/lines', project + '\\n' + lines);
`;
/** Keeps what is logged, by the names of the package. */
const PACKAGE = `
import json
class Run:
    summary = {}
    logged = []
    def define_metric(self, name, step_metric): pass
    def log(self, values):
        self.logged.append(values)
        self.summary.update(values)
    def finish(self):
        print(json.dumps({"logged": self.logged, "summary": self.summary, "about": self.about}))
def init(**about):
    run = Run()
    run.about = about
    return run
`;

let folder: string;
let standIn: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-wandb-'));
  standIn = join(folder, 'python');
  await writeFile(standIn, STAND_IN, { mode: 0o755 });
  await writeFile(join(folder, 'wandb.py'), PACKAGE);
});
afterAll(() => rm(folder, { recursive: true }));

const run = () => ({ place: folder, config: { seed: 1 } });
const step = (n: number): RunEvent => ({
  type: 'step',
  phase: 'train',
  ...{ step: n, steps: 3, epoch: 0, epochs: 1, images: 8 },
  values: { loss: 1 / n },
});

it('hands on what happens, line by line', async () => {
  const watching = await wandb.observe(run(), { wandbPython: standIn, wandbProject: 'mine' });
  watching.on(step(1));
  await watching.close!();
  const told = [{ seed: 1 }, step(1)].map((line) => `${JSON.stringify(line)}\n`);
  expect(await readFile(join(folder, 'lines'), 'utf8')).toBe(`mine\n${told.join('')}`);
});

it('says that there is no such Python', async () => {
  const watching = await wandb.observe(run(), { wandbPython: join(folder, 'none') });
  await expect(watching.close!()).rejects.toThrow('ENOENT');
});

const python = spawnSync('python3', ['-c', '']).status === 0;
(python ? it : it.skip)('logs each round and step once, the ticket and the result', () => {
  const layers = [{ name: 'fc', kept: 1, size: 4 }];
  const validation = { validationAccuracy: 0.5, validationLoss: 2 };
  const round = (n: number) => ({ round: n, density: 0.5 ** n, validationAccuracy: 0.5 + n / 8 });
  const events = [
    ...[0, 1, 1].map((n) => ({ type: 'round', kept: 1, ...round(n) })),
    ...[1, 2, 2, 3].map(step),
    { type: 'validation', phase: 'train', step: 3, epoch: 0, ...validation },
    { type: 'ticket', kept: 1, size: 4, layers },
    { type: 'result', result: { testAccuracy: 0.75 } },
  ];
  const { stdout, stderr } = spawnSync(
    'python3',
    [join(import.meta.dirname, 'log.py'), join(folder, 'first'), 'mine'],
    {
      env: { ...process.env, PYTHONPATH: folder },
      input: [{ seed: 1 }, ...events].map((line) => JSON.stringify(line)).join('\n'),
      encoding: 'utf8',
    },
  );
  expect(stderr).toBe('');
  const { logged, summary, about } = JSON.parse(stdout) as Record<string, object>;
  expect(about).toMatchObject({ project: 'mine', name: 'first', config: { seed: 1 } });
  expect(logged).toEqual([
    { 'round/step': 0, 'round/density': 1, 'round/accuracy': 0.5 },
    { 'round/step': 1, 'round/density': 0.5, 'round/accuracy': 0.625 },
    ...[1, 2, 3].map((n) => ({ 'train/step': n, 'train/loss': 1 / n })),
    { 'validation/step': 3, 'validation/accuracy': 0.5, 'validation/loss': 2 },
  ]);
  expect(summary).toMatchObject({ 'layer-density/fc': 0.25, testAccuracy: 0.75 });
});

describe('conformance', () => {
  const checks = () => observerConformance(wandb, { options: { wandbPython: standIn } });
  it.each(observerConformance(wandb).map(({ name }, i) => [name, i] as const))('%s', (_, i) =>
    checks()[i]!.run(),
  );
});
