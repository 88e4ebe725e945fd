import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { kl } from '@winnow/objectives';
import { pluginPackage } from '@winnow/scaffold';
import { wasm } from '@winnow/tensor-backend';
import { valueOnLogits } from '@winnow/testing';
import { strFromU8, unzipSync } from 'fflate';
import { myKl } from './my-kl.ts';
import { pluginZip } from './plugin-zip.ts';

it('begins with an objective that is kl', async () => {
  await wasm.start();
  const logits = { sparse: [[1, 0, 3]], dense: [[0, 2, -1]] };
  expect(valueOnLogits(myKl, logits)).toBe(valueOnLogits(kl, logits));
  expect([myKl.lossScale, myKl.stationaryAtDense]).toEqual([kl.lossScale, kl.stationaryAtDense]);
});

it('makes the package that `winnow plugin init` makes, with the objective in it', async () => {
  const source = await readFile(new URL('my-kl.ts', import.meta.url), 'utf8');
  const { name, summary } = myKl;
  const zip = pluginZip({ source, name, summary, exported: 'myKl', onLogits: 1.25 });
  const files = new Map(
    Object.entries(unzipSync(zip)).map(([path, bytes]) => [path, strFromU8(bytes)]),
  );
  const versions = { winnow: '0.1.0', tfjs: '4.22.0', zod: '4.6.7' };
  const usual = pluginPackage({ name, kind: 'objective', versions });
  expect([...files.keys()]).toEqual([...usual.keys()].map((path) => `my-kl/${path}`));
  expect(files.get('my-kl/src/my-kl.ts')).toBe(source);
  for (const path of ['tsconfig.json', '.gitignore', 'src/index.ts'])
    expect(files.get(`my-kl/${path}`)).toBe(usual.get(path));
  expect(files.get('my-kl/src/my-kl.test.ts')).toContain('value - 1.25');
  const { peerDependencies } = JSON.parse(files.get('my-kl/package.json')!) as {
    peerDependencies: object;
  };
  expect(peerDependencies).toEqual({
    '@tensorflow/tfjs-core': '4.22.0',
    '@winnow/plugin-api': '^0.1.0',
    '@winnow/tensor-backend': '^0.1.0',
  });
});
