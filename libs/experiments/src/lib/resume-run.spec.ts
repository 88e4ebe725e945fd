import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import objectives from '@winnow/objectives';
import { ComponentRegistry, type GivenOptions, INTERRUPTED } from '@winnow/plugin-api';
import pruners from '@winnow/pruners';
import { cpu } from '@winnow/tensor-backend';
import { Ticket } from '@winnow/tickets';
import { readTicket, writeTicket } from '@winnow/tickets/files';
import { planRun } from './plan-run.ts';
import { RunFolder } from './run-folder.ts';
import { runSearch } from './run.ts';
import { toyData, toyModel } from './testing/toy-components.ts';

const registry = new ComponentRegistry([
  toyData,
  toyModel,
  ...[objectives, pruners].flatMap(({ components }) => components),
]);

let dir: string;
beforeAll(async () => {
  await cpu.start();
  dir = await mkdtemp(join(tmpdir(), 'winnow-resume-'));
});
afterAll(() => rm(dir, { recursive: true }));

const folder = (name: string) => new RunFolder(join(dir, name));

/** Searches in a folder with these options, to its end or for so many steps. */
async function search(name: string, options: GivenOptions = {}, stopAfter = Infinity) {
  const { config, dataset } = await planRun(
    {
      method: 'cts',
      model: 'toy-model',
      dataset: 'toy-data',
      density: 0.5,
      seed: 1,
      start: 'init',
      recipe: 'standard',
      options: { searchEpochs: 3, ...options },
      plugins: [],
      backend: 'cpu',
      versions: {},
    },
    registry,
  );
  const controller = new AbortController();
  let steps = 0;
  await runSearch(config, folder(name), {
    registry,
    dataset,
    signal: controller.signal,
    checkpointSeconds: 1e6,
    onProgress: () => void (++steps >= stopAfter && controller.abort()),
  });
  return readFile(folder(name).ticket);
}

it('goes on with a run whose defaults are spelt out this time, to the same ticket', async () => {
  const whole = await search('whole');
  await expect(search('stopped', {}, 2)).rejects.toMatchObject({ code: INTERRUPTED });
  const defaults = { sparsityControl: 'gradbalance', units: 8 };
  expect(await search('stopped', defaults)).toEqual(whole);
  expect((await folder('stopped').readConfig())!.model.given).toEqual({});
});

it('refuses a ticket of another density in its folder', async () => {
  await search('mixed');
  await rm(folder('mixed').ticket);
  const { layers, provenance } = await readTicket(folder('whole').ticket);
  const full = [...layers].map(
    ([name, { shape, kept }]) => [name, { shape, kept: kept.map(() => 1) }] as const,
  );
  await writeTicket(folder('mixed').ticket, new Ticket({ layers: new Map(full), provenance }));
  await expect(search('mixed')).rejects.toMatchObject({
    code: 'BAD_TICKET',
    message: expect.stringContaining('keeps 48 of 48 weights where density 0.5 asks for 24'),
  });
});
