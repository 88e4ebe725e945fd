import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { datasetConformance } from '@winnow/testing';
import { near } from '../testing/near.ts';
import { csvFolder } from './csv-folder.ts';

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

function folderOf(train: readonly string[], test: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'csv-folder-'));
  folders.push(folder);
  writeFileSync(join(folder, 'train.csv'), `${train.join('\n')}\n`);
  writeFileSync(join(folder, 'test.csv'), `${test.join('\r\n')}`);
  return folder;
}

/** Images of 2×2, no two alike. */
const rows = (count: number, from: number) =>
  Array.from({ length: count }, (_, i) => `${i % 3},${from + i},0,${i % 7},${from}`);

const folder = folderOf(['label,p0,p1,p2,p3', ...rows(60, 0)], rows(12, 100));
for (const { name, skip, run } of datasetConformance(csvFolder, { csvDir: folder }))
  test(name, { skip }, run);

test('reads labels and pixels, normalised by those for training', async () => {
  // Mean 3, and standard deviation 3, of twelve zeros, sixes and twelve others alike.
  const train = Array.from({ length: 12 }, (_, i) => `${i % 2},0,6,6,0`);
  const csvDir = folderOf(train, ['1,0,9,6,3']);
  const opened = await csvFolder.open({ csvDir });
  assert.deepEqual(opened.input, { height: 2, width: 2, channels: 1 });
  assert.equal(opened.classes, 2);
  assert.equal(opened.train.length + opened.validation.length, 12);
  assert.deepEqual(opened.normalization, { mean: [3], std: [3] });
  const { images, labels } = await opened.test.read([0]);
  assert.deepEqual([...labels], [1]);
  for (const [i, due] of [-1, 2, 1, 0].entries()) near(images[i], due);
});

test('has another checksum for other data alone', async () => {
  const checksum = async (last: string) => {
    const csvDir = folderOf(rows(12, 0), ['0,1,2,3,4', last]);
    return (await csvFolder.open({ csvDir })).checksum;
  };
  assert.equal(await checksum('1,1,1,1,1'), await checksum('1,1,1,1,1'));
  assert.notEqual(await checksum('1,1,1,1,1'), await checksum('1,1,1,1,2'));
});

for (const [what, train, tested, message] of [
  ['a word', ['0,1,2,3,4', '1,1,two,3,4'], ['0,1,2,3,4'], /line 2, has "two"/],
  ['an empty cell', ['0,1,,3,4'], ['0,1,2,3,4'], /line 1, has "" where/],
  ['a label that is none', ['0.5,1,2,3,4'], ['0,1,2,3,4'], /line 1, has the label 0.5/],
  ['a line too short', ['0,1,2,3,4', '0,1,2,3'], ['0,1,2,3,4'], /has 4 values, and others 5/],
  ['no square', ['0,1,2,3'], ['0,1,2,3'], /has 3 pixels a line, which is no square/],
  ['another size for testing', ['0,1,2,3,4'], ['0,1'], /has 1 pixels a line, not 4/],
  ['a class of tests alone', ['0,1,2,3,4'], ['1,1,2,3,4'], /has the label 1, which train/],
  ['a class left out', ['0,1,2,3,4', '2,1,2,3,4'], ['0,1,2,3,4'], /has no image of class 1,/],
  ['nothing', [], ['0,1,2,3,4'], /has no images/],
] as const) {
  test(`refuses ${what}`, async () => {
    const csvDir = folderOf(train, tested);
    await assert.rejects(csvFolder.open({ csvDir }), { code: 'BAD_DATA', message });
  });
}

test('says what it looks for where there is nothing', async () => {
  await assert.rejects(csvFolder.open({ csvDir: join(folder, 'none') }), {
    code: 'DATA_NOT_FOUND',
  });
});
