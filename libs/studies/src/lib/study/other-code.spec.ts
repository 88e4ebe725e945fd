import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { type RunConfig, RunFolder } from '@winnow/experiments';
import { WHOLE_CONFIG } from '../testing/config-variations.ts';
import { runsOfOtherCode } from './other-code.ts';
import type { RunStanding } from './run-standing.ts';

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
  const ask = (own: RunConfig, ofBackend: boolean, state: RunStanding['state'] = 'new') => {
    const name = 'cts-seed1-0000000a';
    const run = { name, folder: folderOf(name), config: own, ofBackend } as RunStanding['run'];
    return runsOfOtherCode([{ run, state, differs: {} }]);
  };
  expect(await ask(config, true)).toEqual(['cts-seed1-00000002']);
  expect(await ask({ ...config, backend: 'wasm' }, true)).toEqual([]);
  expect(await ask({ ...config, backend: 'wasm' }, false)).toEqual(['cts-seed1-00000002']);
  expect(await ask(config, true, 'done')).toEqual([]);
  expect(await ask({ ...config, plugins: [] }, true)).toEqual([]);
  await rm(runs, { recursive: true });
});
