import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const FUZZ = fileURLToPath(new URL('../../fuzz/fuzz.mjs', import.meta.url));
const CORPUS = fileURLToPath(new URL('../../fuzz/corpus', import.meta.url));

let findings: string;
beforeAll(async () => {
  findings = await mkdtemp(join(tmpdir(), 'winnow-corpus-'));
});
afterAll(() => rm(findings, { recursive: true }));

it('each parser of foreign files takes or refuses what its corpus holds', () => {
  const args = [FUZZ, '--seconds', '0', '--seed', '1', '--findings', findings];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const lines = stdout.trim().split('\n');
  for (const parser of readdirSync(CORPUS)) {
    expect(lines).toContainEqual(expect.stringMatching(`^${parser}: \\d+ .*; seed 1$`));
  }
  expect(readdirSync(findings)).toEqual([]);
  expect(status).toBe(0);
}, 300_000);
