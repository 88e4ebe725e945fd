import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended } from '../checks.mjs';

/** Of an install that a machine does not let happen, or that takes longer than this. */
const LACKING =
  /\[(FETCH_FAILED|INSTALL_FAILED|PROGRAM_MISSING|NOT_INSTALLABLE|FILE_NOT_WRITABLE)\]/;
const MOST_MS = 240_000;
const INTERRUPTED = [null, 130];

/**
 * Installs what can be tried without a GPU into a folder of its own, one after another. Returns the folder, and how many
 * could be had and did not install.
 */
export async function fetchBackends() {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-backends-'));
  let failed = 0;
  for (const name of ['webgpu', 'tensorflow']) {
    const words = ['apps/cli/bin/winnow.js', 'backend', 'install', name];
    const env = { WINNOW_BACKENDS: join(folder, 'backends') };
    const { status, output } = await ended(words, { env, timeout: MOST_MS });
    if (status === 0) continue;
    console.log(`${name} is not installed:\n${output}`);
    if (!INTERRUPTED.includes(status) && !LACKING.test(output)) failed++;
  }
  return { folder, failed };
}
