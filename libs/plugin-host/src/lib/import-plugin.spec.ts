import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { importPlugin } from './import-plugin.ts';

it('refuses an entry that it cannot read', async () => {
  await expect(importPlugin('/nonexistent/main.mjs', 'mine')).rejects.toMatchObject({
    code: 'PLUGIN_LOAD',
    message: expect.stringMatching(/^Cannot load plugin "mine" \(.*ENOENT/),
  });
});

it.each([
  ['null', 'null'],
  ['Object.create(null)', 'something that is no text was thrown'],
  ["Object.assign(new Error('x'), { message: 7 })", '7'],
])('tells a plugin that throws %s', async (thrown, told) => {
  const folder = await mkdtemp(join(tmpdir(), 'winnow-null-'));
  await writeFile(join(folder, 'null.mjs'), `throw ${thrown};`);
  await expect(importPlugin(join(folder, 'null.mjs'), 'mine')).rejects.toMatchObject({
    code: 'PLUGIN_LOAD',
    message: expect.stringContaining(`Cannot load plugin "mine" (${told}).`),
  });
  await rm(folder, { recursive: true });
});
