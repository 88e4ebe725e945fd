import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { installedVersions } from './installed-versions.ts';

it('tells the versions of an install, or of packages that lie there without one', () => {
  const before = process.env['WINNOW_BACKENDS'];
  const root = mkdtempSync(join(tmpdir(), 'winnow-backends-'));
  process.env['WINNOW_BACKENDS'] = root;
  try {
    expect(installedVersions('tensorflow')).toEqual({});
    expect(installedVersions('wasm')).toEqual({});
    const packages = join(root, 'webgpu', 'node_modules', 'webgpu');
    mkdirSync(packages, { recursive: true });
    writeFileSync(join(packages, 'package.json'), '{ "name": "webgpu", "version": "0.5.0" }');
    expect(installedVersions('webgpu')).toEqual({ webgpu: '0.5.0' });
    writeFileSync(join(root, 'webgpu', 'installed.json'), '{ "versions": { "webgpu": "0.6.2" } }');
    expect(installedVersions('webgpu')).toEqual({ webgpu: '0.6.2' });
  } finally {
    if (before === undefined) delete process.env['WINNOW_BACKENDS'];
    else process.env['WINNOW_BACKENDS'] = before;
    rmSync(root, { recursive: true });
  }
});
