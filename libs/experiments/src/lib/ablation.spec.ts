import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import data from '@winnow/datasets';
import models from '@winnow/models';
import objectives from '@winnow/objectives';
import { ComponentRegistry, INTERRUPTED, type RunEvent } from '@winnow/plugin-api';
import pruners from '@winnow/pruners';
import { startBackend } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { type Ticket } from '@winnow/tickets';
import { readTicket } from '@winnow/tickets/files';
import { ablationFolder } from './ablation.ts';
import type { Ablation } from './ablations.ts';
import { type RunPlan, planRun } from './plan-run.ts';
import type { RunConfig } from './run-config.ts';
import { RunFolder } from './run-folder.ts';
import { runExperiment, runSearch } from './run.ts';

const registry = new ComponentRegistry(
  [data, models, objectives, pruners].flatMap(({ components }) => components),
);
const TRAIN_IMAGES = 1294;
const SEARCH_EPOCHS = 2;
const LTR_ROUNDS = 2;
/** Of ResNet-8's last layer, a matrix product. */
const HEAD = 10 * 64;

jest.setTimeout(60_000);

let dir: string;
let plan: RunPlan;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-ablation-'));
  const backend = await startBackend('auto', backendsHere());
  plan = await planRun(
    {
      method: 'cts',
      model: 'resnet8',
      dataset: 'digits',
      density: 0.1,
      seed: 4,
      start: 'init',
      epochs: 1,
      batchSize: 256,
      recipe: 'standard',
      objective: 'loss',
      options: { searchEpochs: SEARCH_EPOCHS },
      backend,
      versions: {},
    },
    registry,
  );
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** `stopAfter` so many steps of the process's own. */
function setting(stopAfter = Infinity) {
  const controller = new AbortController();
  let steps = 0;
  return {
    registry,
    dataset: plan.dataset,
    signal: controller.signal,
    checkpointSeconds: 1e6,
    observe: () =>
      Promise.resolve({
        on: ({ type }: RunEvent) =>
          void (type === 'step' && ++steps >= stopAfter && controller.abort()),
      }),
  };
}

const bits = ({ layers }: Ticket) => [...layers.values()].map(({ kept }) => [...kept]);
const counts = (ticket: Ticket) => bits(ticket).map((kept) => kept.reduce((a, b) => a + b, 0));

describe('a run and its ablations', () => {
  const run = () => new RunFolder(join(dir, 'run'));

  it.each(['cts', 'ltr'])(
    'of %s count the same multiply-adds however often they are interrupted',
    async (method) => {
      const own = method === 'cts';
      const rate = { rate: Math.sqrt(0.1) };
      const ltr = () => ({ ...plan.config, method: { name: method, given: rate, options: rate } });
      const config = own ? plan.config : ltr();
      const whole = own ? run() : new RunFolder(join(dir, 'ltr'));
      await runSearch(config, whole, setting());
      const network = registry.get('model', 'resnet8').build(plan.dataset.input, 10, {});
      const layers = network.parameters
        .filter(({ shape }) => shape.length === 4)
        .map(({ shape, usesPerImage }) => shape.reduce((product, n) => product * n, usesPerImage));
      const convolutions = layers.reduce((sum, n) => sum + n, 0);
      // Forward, and the gradients of filters and of images but the first, in the search as in training.
      const training = TRAIN_IMAGES * (3 * convolutions - layers[0]! + 3 * HEAD);
      const forward = convolutions + HEAD;
      const validation = plan.dataset.validation.length * forward;
      const { search } = await whole.readMultiplyAdds();
      if (own) expect(search).toBe(SEARCH_EPOCHS * training);
      else {
        // The first round is of all weights; a program may compute the kept ones alone of the second.
        expect(search).toBeGreaterThan(training + validation);
        expect(search).toBeLessThanOrEqual(LTR_ROUNDS * (training + validation));
      }

      const stopped = new RunFolder(join(dir, `${method}-stopped`));
      for (const steps of [1, 3, 2]) {
        const attempt = runSearch(config, stopped, setting(steps));
        await expect(attempt).rejects.toMatchObject({ code: INTERRUPTED });
      }
      await runSearch(config, stopped, setting());
      expect(await stopped.readMultiplyAdds()).toEqual(await whole.readMultiplyAdds());
      expect(await readFile(stopped.ticket)).toEqual(await readFile(whole.ticket));
    },
  );

  it('keep the scores that made their ticket, where one ranking did', async () => {
    const scores = await readFile(run().scores);
    const stopped = await readFile(join(dir, 'cts-stopped', 'scores.safetensors'));
    expect(scores.equals(stopped)).toBe(true);
    expect(existsSync(new RunFolder(join(dir, 'ltr')).scores)).toBe(false);
  });

  it('goes on from its ticket to its end', async () => {
    const result = await runExperiment(plan.config, run(), setting());
    const { search, train } = result.multiplyAddsSpent;
    const dense = search! / SEARCH_EPOCHS;
    if (result.roads!.train.by === 'ops') {
      expect(train).toBe(dense);
      return;
    }
    // Of the kept weights alone: the stem, of which there is no gradient towards its input, weighs a little more than in the
    // dense network, and weights that reach no logit are left out.
    const { kept, dense: all } = result.multiplyAdds;
    expect(train! / dense).toBeLessThanOrEqual((kept / all) * 1.01);
    expect(train! / dense).toBeGreaterThan((kept / all) * 0.9);
  });

  it.each<[Ablation, string]>([
    ['shuffle', 'shuffled within each layer'],
    ['invert', 'inverted'],
    ['reinitialise', 'found on other weights'],
  ])('%s alters the ticket, or what it is for, and trains it as long', async (ablation, note) => {
    const folder = ablationFolder(run(), ablation);
    const config: RunConfig = { ...plan.config, ablation };
    const result = await runExperiment(config, folder, setting());
    expect(result).toMatchObject({ ablation, seed: 4, density: 0.1, epochs: 1 });
    const own = await readTicket(run().ticket);
    const ticket = await readTicket(folder.ticket);
    expect(ticket.kept).toBe(own.kept);
    expect(ticket.provenance.notes).toEqual([note]);
    const startOf = async (folder: RunFolder) => (await folder.readTensors('start')).tensors;
    if (ablation === 'reinitialise') {
      expect(await startOf(folder)).not.toEqual(await startOf(run()));
      expect(bits(ticket)).toEqual(bits(own));
    } else {
      expect(await startOf(folder)).toEqual(await startOf(run()));
      expect(ticket.provenance.weightsHash).toBe(own.provenance.weightsHash);
      expect(bits(ticket)).not.toEqual(bits(own));
    }
    if (ablation === 'shuffle') expect(counts(ticket)).toEqual(counts(own));
    if (ablation === 'invert') {
      const kept = bits(own).flat();
      expect(
        bits(ticket)
          .flat()
          .some((bit, i) => bit && kept[i]),
      ).toBe(false);
    }
  });

  it('says what is missing: scores, or the run itself', async () => {
    await rm(run().scores);
    await rm(ablationFolder(run(), 'invert').path, { recursive: true });
    const config: RunConfig = { ...plan.config, ablation: 'invert' };
    const inversion = runExperiment(config, ablationFolder(run(), 'invert'), setting());
    await expect(inversion).rejects.toMatchObject({ code: 'NO_SCORES' });
    const astray = runExperiment(config, new RunFolder(join(dir, 'a/b/astray')), setting());
    await expect(astray).rejects.toMatchObject({ code: 'BAD_RUN' });
  });
});
