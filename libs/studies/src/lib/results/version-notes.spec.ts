import { expect, it } from '@jest/globals';
import type { RunConfig } from '@winnow/experiments';
import { differingVersions, versionNotes } from './version-notes.ts';

const config = (versions: Record<string, string>) => ({ versions }) as unknown as RunConfig;
const run = (versions: Record<string, string>) => ({ config: config(versions) });
const old = run({ node: '20.19.0', winnow: '0.1.0', tfjs: '4.22.0' });
const young = run({ node: '22.1.0', winnow: '0.2.0', tfjs: '4.22.0' });

it('names the rows of each version, and what differs of each run', () => {
  const runs = [old, old, young, run({ node: '22.1.0', tfjs: '4.22.0' })];
  expect(versionNotes(runs, ['cts (kl)', 'snip', 'snip', 'dense'])).toEqual([
    'Not all runs are of one version of node: 20.19.0 in cts (kl), snip in part; 22.1.0 in snip in part, dense.',
    'Not all runs are of one version of winnow: 0.1.0 in cts (kl), snip in part; 0.2.0 in snip in part; none in dense.',
  ]);
  expect(differingVersions(runs)).toEqual([
    'node 20.19.0, winnow 0.1.0',
    'node 20.19.0, winnow 0.1.0',
    'node 22.1.0, winnow 0.2.0',
    'node 22.1.0, winnow none',
  ]);
});

it('says nothing of runs of one version', () => {
  expect(versionNotes([old, old], ['snip', 'snip'])).toEqual([]);
  expect(differingVersions([old, old])).toBeUndefined();
});

it('tells of what a run was gone on with, and of nothing that is no version', () => {
  const environments = [
    { backend: 'native', instructions: 'sse2', node: '20.19.0' },
    { backend: 'native', instructions: 'avx2', node: '20.19.0' },
    { backend: 'native', instructions: 'avx2', node: '22.1.0' },
  ];
  const changed = { config: config({ node: '22.1.0' }), environments };
  expect(versionNotes([changed], ['snip'])).toEqual([
    'Not all runs are of one version of node: 20.19.0 then 22.1.0 in snip.',
  ]);
  expect(differingVersions([changed, run({ node: '22.1.0' })])).toEqual([
    'node 20.19.0 then 22.1.0',
    'node 22.1.0',
  ]);
});
