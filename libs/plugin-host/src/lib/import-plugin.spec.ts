import { expect, it } from '@jest/globals';
import { importPlugin } from './import-plugin.ts';

it('refuses an entry that it cannot read', async () => {
  await expect(importPlugin('/nonexistent/main.mjs', 'mine')).rejects.toMatchObject({
    code: 'PLUGIN_LOAD',
    message: expect.stringMatching(/^Cannot load plugin "mine" \(.*ENOENT/),
  });
});
