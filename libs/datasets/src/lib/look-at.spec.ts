import { readdirSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { lookAt } from './look-at.ts';

it('tells of what is not there so, and not in the words of the system', async () => {
  const gone = await mkdtemp(join(tmpdir(), 'winnow-look-'));
  rmSync(gone, { recursive: true });
  expect(() => lookAt(gone, (path) => readdirSync(path))).toThrow(
    expect.objectContaining({
      code: 'DATA_NOT_FOUND',
      message: `There is nothing at ${gone}. Check the path.`,
    }),
  );
});
