import { beforeAll, expect, it } from '@jest/globals';
import type { GivenOptions } from '@winnow/plugin-api';
import { cpu } from '@winnow/tensor-backend';
import { Ticket } from '@winnow/tickets';
import { RunFolder } from './run-folder.ts';
import { FAILURE } from './run.ts';
import { memoryRunStore } from './store/memory-run-store.ts';
import { attemptToy, planToy } from './testing/toy-run.ts';

beforeAll(() => cpu.start());

/** Runs in a folder with these options, to its end or for so many steps. */
async function run(folder: RunFolder, options: GivenOptions = {}, stopAfter = Infinity) {
  const plan = await planToy({ options: { searchEpochs: 1, ...options } });
  return (await attemptToy(plan, folder, { stopAfter })).result;
}

const newFolder = () => new RunFolder(memoryRunStore());

it('goes on with a run whose defaults are spelt out this time, to the same ticket', async () => {
  const [whole, stopped] = [newFolder(), newFolder()];
  await run(whole);
  expect(await run(stopped, {}, 2)).toBeUndefined();
  await run(stopped, { sparsityControl: 'gradbalance', units: 8 });
  expect(await stopped.readTicket()).toEqual(await whole.readTicket());
  expect((await stopped.readConfig())!.model.given).toEqual({});
});

it('has no reason of an earlier failure once it goes on', async () => {
  const folder = newFolder();
  await run(folder, {}, 2);
  await folder.writeBeside(FAILURE, { reason: 'The node went down.', log: [], at: '' });
  expect(await run(folder, {}, 2)).toBeUndefined();
  expect(await folder.store.has(FAILURE)).toBe(false);
});

it('refuses a ticket of another density in its folder', async () => {
  const folder = newFolder();
  await run(folder, {}, 5);
  const { layers, provenance } = await folder.readTicket();
  const full = [...layers].map(
    ([name, { shape, kept }]) => [name, { shape, kept: kept.map(() => 1) }] as const,
  );
  await folder.writeTicket(new Ticket({ layers: new Map(full), provenance }));
  await expect(run(folder)).rejects.toMatchObject({
    code: 'BAD_TICKET',
    message: expect.stringContaining('keeps 48 of 48 weights where density 0.5 asks for 24'),
  });
});
