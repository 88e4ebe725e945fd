import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended } from '../checks.mjs';

/** Installs what can be tried without a GPU into a folder of its own, one after another; returns the folder. */
export async function fetchBackends() {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-backends-'));
  for (const name of ['webgpu', 'tensorflow']) {
    const words = ['apps/cli/bin/winnow.js', 'backend', 'install', name];
    const { status, output } = await ended(words, { env: { WINNOW_BACKENDS: folder } });
    if (status !== 0) console.log(`${name} is not installed:\n${output}`);
  }
  return folder;
}
