import { beforeAll, expect, it } from '@jest/globals';
import { NARROW, type Page, type PageBlock, type PageFacts, type PageTable } from '@winnow/report';
import { cpu } from '@winnow/tensor-backend';
import { RunFolder } from '../run-folder.ts';
import type { RunResult } from '../run-result.ts';
import { memoryRunStore } from '../store/memory-run-store.ts';
import { TOYS, attemptToy, planToy } from '../testing/toy-run.ts';
import { runPage } from './run-page.ts';
import { repeatCommand } from '../repeat-command.ts';
import { readRunRecord } from './run-record.ts';
import { renewRunReport } from './write-run-report.ts';

let page: Page;
let result: RunResult;
let folder: RunFolder;
beforeAll(async () => {
  await cpu.start();
  const root = memoryRunStore();
  folder = new RunFolder(root.at('runs/one'));
  // Of 32 and 16 weights.
  const plan = await planToy({ method: 'magnitude', density: 0.25, validateEvery: 1 });
  result = (await attemptToy(plan, folder)).result!;
  await folder.writeSpeed({
    ...{ batch: 4, backend: 'cpu', threads: 1 },
    dense: { train: 6, inference: 3 },
    ticket: { train: null, inference: 1.5 },
  });
  await root.at('runs').write('report.html', '');
  page = runPage(await readRunRecord(folder, result, (config) => repeatCommand(config, TOYS)));
});

const blocks = (): readonly PageBlock[] => page.sections.flatMap((section) => section.blocks);
const table = (caption: string) =>
  blocks().find(
    (block): block is PageTable =>
      typeof block === 'object' && block.kind === 'table' && block.caption.startsWith(caption),
  )!;

it('tells what the ticket saves, measured time too', () => {
  const rows = table('What it saves').rows;
  expect(rows[0]).toEqual(['weights', '48', '12', '25.0 %']);
  // 4 bytes a weight; of kept ones as much again for where they lie.
  expect(rows[1]).toEqual(['bytes of weights and indices', '192', '96', '50.0 %']);
  expect(rows.slice(-2)).toEqual([
    ['training step, a batch of 4', '6 ms', '', ''],
    ['inference, a batch of 4', '3 ms', '1.5 ms', '50.0 %'],
  ]);
  const [facts] = page.blocks as unknown as readonly [PageFacts];
  expect(facts.facts.at(-1)).toMatchObject({
    name: 'inference, measured',
    beside: 'a batch of 4; 3 ms with all weights (2.0×)',
  });
});

it('tells the most memory, on the device too', () => {
  // 1e8 and 1e6 bytes.
  expect(blocks()).toContain('At most 95 MiB of memory, and 1 MiB of tensors on the device.');
});

it('has the whole configuration, and the command that makes the run again', () => {
  const rows = new Map(table('Configuration').rows.map(([name, value]) => [name, value]));
  for (const [name, value] of Object.entries({
    'density asked for': '25 %',
    'checksum of the data': 'toy',
    model: 'toy-model (units 8)',
    'data set': 'toy-data (blur 0)',
    start: 'initialisation',
    validated: 'every 1 epochs',
  }))
    expect(rows.get(name)).toBe(value);
  expect(blocks()).toContainEqual({
    kind: 'command',
    command: expect.stringMatching(
      /^npx winnow run --dataset toy-data --model toy-model --method magnitude --density 0.25 --seed 1 --start init /,
    ),
  });
});

it('draws no epoch and no rate that stays, and gives them in the table', async () => {
  let drawn = '';
  for (const block of blocks())
    if (typeof block === 'object' && block.kind === 'chart') drawn += await block.draw(NARROW);
  expect(drawn).toContain('>validationLoss<');
  expect(drawn).not.toMatch(/>(epoch|learningRate)</);
  const series = table('First and last value').rows.map(([, name]) => name);
  expect(series).toContain('learningRate');
});

it('leads to the pages around it that are there, to those that came later once it is renewed', async () => {
  expect(page.links).toEqual([{ text: 'Report on runs', href: '../report.html' }]);
  await folder.store.write('checks/report.html', '');
  await renewRunReport(folder, TOYS);
  const html = new TextDecoder().decode(await folder.store.read('report.html'));
  expect(html).toContain('href="checks/report.html"');
  expect(html).toContain('href="../report.html"');
});
