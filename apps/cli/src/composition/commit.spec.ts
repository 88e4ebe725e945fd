import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { commitOf } from './commit.ts';

const dir = mkdtempSync(join(tmpdir(), 'winnow-commit-'));
afterAll(() => rmSync(dir, { recursive: true }));

const HASH = '0123456789abcdef0123456789abcdef01234567';

it.each<[what: string, files: Readonly<Record<string, string>>]>([
  ['a branch', { '.git/HEAD': 'ref: refs/heads/a/b\n', '.git/refs/heads/a/b': `${HASH}\n` }],
  ['no branch', { '.git/HEAD': `${HASH}\n` }],
  [
    'a branch that is packed',
    { '.git/HEAD': 'ref: refs/heads/a', '.git/packed-refs': `# pack\n${HASH} refs/heads/a\n` },
  ],
  [
    'a working tree of its own',
    {
      '.git': 'gitdir: ../main/.git/worktrees/b',
      '../main/.git/worktrees/b/HEAD': 'ref: refs/heads/b\n',
      '../main/.git/worktrees/b/commondir': '../..\n',
      '../main/.git/refs/heads/b': `${HASH}\n`,
    },
  ],
])('is told of a clone on %s', (what, files) => {
  const root = join(dir, what, 'clone');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  expect(commitOf(root)).toBe('0123456789ab');
});

it('is of no folder that is no clone', () => {
  expect(commitOf(dir)).toBeUndefined();
});
