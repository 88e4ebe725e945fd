import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import { pluginFolder } from '../testing/plugin-folder.ts';
import { probeApart } from './probe-apart.ts';

jest.setTimeout(60_000);

it('outlives backends that crash or hang, and keeps what came before', async () => {
  const folder = await pluginFolder({
    'package.json': '{ "name": "winnow-bad", "type": "module", "main": "plugin.js" }',
    'plugin.js': `
      import { defineBackend, definePlugin } from '@winnow/plugin-api';
      const device = { name: 'Bad 1', vendor: '', architecture: '', software: false };
      const backend = (name, start) =>
        defineBackend({ name, summary: '', priority: 0, start, devices: async () => [device] });
      export default definePlugin({
        name: 'winnow-bad',
        components: [
          backend('crashes', async () => process.kill(process.pid, 'SIGSEGV')),
          backend('hangs', async () => { for (;;); }),
          backend('starts', async () => {}),
        ],
      });`,
  });
  const probe = (backend: string) =>
    probeApart(
      { backend, plugins: [join(folder, 'plugin.js')], measure: false, check: false },
      backend === 'hangs' ? 1500 : 30_000,
    );
  const names = ['crashes', 'hangs', 'starts'];
  const found = await Promise.all(names.map(probe));
  const devices = [expect.objectContaining({ name: 'Bad 1' })];
  expect(found).toEqual([
    { devices, steps: [], broke: 'its process ended with SIGSEGV' },
    // Maybe before it has told anything, where many compute.
    expect.objectContaining({ steps: [], broke: 'it took longer than 1.5 seconds', late: true }),
    { devices, steps: [], starts: true },
  ]);
});
