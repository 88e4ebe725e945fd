import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { type RunConfig, RunFolder } from '@winnow/experiments';
import { WHOLE_CONFIG } from '../testing/config-variations.ts';
import { tellOtherCode } from './other-code.ts';
import type { StudyRun } from './plan-study.ts';

const config = WHOLE_CONFIG as RunConfig;
const [plugin] = config.plugins;
const changed = { ...config, plugins: [{ ...plugin!, sha256: 'decaf' }] };

it('finds the runs that differ in the code of their plugins alone', async () => {
  const runs = await mkdtemp(join(tmpdir(), 'winnow-code-'));
  const folderOf = (name: string) => new RunFolder(join(runs, name));
  const there: [name: string, config: RunConfig][] = [
    ['cts-seed1-00000001', { ...changed, seed: 2 }],
    ['cts-seed1-00000002', changed],
    ['cts-seed11-00000003', changed],
  ];
  for (const [name, own] of there) await folderOf(name).hold((held) => held.claim(own));
  const ask = (own: RunConfig, ofBackend: boolean) => {
    const name = 'cts-seed1-0000000a';
    return tellOtherCode([{ name, folder: folderOf(name), config: own, ofBackend } as StudyRun]);
  };
  const { leaveOut: _, ...whole } = changed;
  await folderOf('cts-seed1-00000004').hold((held) => held.claim(whole));
  const told = [
    `1 run is in ${runs} as other code of a plugin made it, such as cts-seed1-00000002; \`winnow study run\` makes it anew.`,
  ];
  expect(await ask(config, true)).toEqual(told);
  expect(await ask({ ...config, backend: 'wasm' }, true)).toEqual([]);
  expect(await ask({ ...config, backend: 'wasm' }, false)).toEqual(told);
  // One that recorded a plugin which it did not use.
  expect(await ask({ ...config, plugins: [] }, true)).toEqual(told);
  await rm(join(runs, 'cts-seed1-00000002'), { recursive: true });
  expect(await ask(config, true)).toEqual([]);
  await rm(runs, { recursive: true });
});
