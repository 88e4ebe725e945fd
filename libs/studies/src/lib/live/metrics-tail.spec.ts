import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { MetricsTail } from './metrics-tail.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-tail-'));
  file = join(folder, 'metrics.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const row = (step: number) => ({ phase: 'train', step, epoch: 0, loss: step / 2 });
const text = (...steps: number[]) => steps.map((step) => `${JSON.stringify(row(step))}\n`).join('');
const HEADER = '{"format":2,"run":"a"}\n';

it('reads what is new, each row once and whole', async () => {
  const tail = new MetricsTail(file);
  expect(await tail.read()).toEqual({ anew: false, rows: [] });
  await writeFile(file, HEADER + text(1, 2) + text(3).slice(0, 9));
  expect(await tail.read()).toEqual({ anew: true, rows: [row(1), row(2)] });
  expect((await tail.read()).rows).toEqual([]);
  await appendFile(file, text(3).slice(9) + text(4));
  expect(await tail.read()).toEqual({ anew: false, rows: [row(3), row(4)] });
});

it('reads a character whole whose bytes come one by one', async () => {
  const tail = new MetricsTail(file);
  const bytes = Buffer.from('{"phase":"train","step":1,"epoch":0,"µ":2}\n');
  const cut = bytes.indexOf('µ') + 1;
  await writeFile(file, bytes.subarray(0, cut));
  await tail.read();
  await appendFile(file, bytes.subarray(cut));
  expect((await tail.read()).rows).toEqual([{ phase: 'train', step: 1, epoch: 0, µ: 2 }]);
});

it('begins anew where the file is another one, as long or longer too', async () => {
  await writeFile(file, HEADER + text(1, 2));
  const tail = new MetricsTail(file);
  await tail.read();
  await writeFile(`${file}.new`, HEADER + text(1, 2, 3));
  await rename(`${file}.new`, file);
  expect(await tail.read()).toEqual({ anew: true, rows: [row(1), row(2), row(3)] });
});
