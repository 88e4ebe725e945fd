import { describe, expect, it, jest } from '@jest/globals';
import { pluginFolder } from '../testing/plugin-folder.ts';
import { runWinnow } from '../testing/run-winnow.ts';

jest.setTimeout(60_000);
// Where no backend is installed.
process.env['WINNOW_BACKENDS'] = '/nonexistent';

const doctor = async (...args: string[]) => {
  const { status, stdout, stderr } = await runWinnow('doctor', ...args, '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as { backends: { name: string; starts: boolean }[]; trace?: object };
};

describe('winnow doctor', () => {
  it('traces steps only where it is asked to, on the backend that is asked for', async () => {
    const { backends, trace } = await doctor();
    expect(trace).toBeUndefined();
    expect(backends).toContainEqual({ name: 'wasm', starts: true });
    expect(backends).toContainEqual({
      name: 'webgpu',
      starts: false,
      reason: expect.stringContaining('winnow backend install webgpu'),
    });
    expect(await doctor('--trace', '--backend', 'wasm')).toMatchObject({
      trace: { backend: 'wasm', fellBack: [] },
    });
    if (backends.some(({ name, starts }) => name === 'native' && starts)) {
      expect(await doctor('--trace', '--backend', 'native')).toMatchObject({
        trace: { backend: 'native', fellBack: [] },
      });
    }
  });

  it('lists the devices of a backend, which may refuse to be taken by auto', async () => {
    const folder = await pluginFolder({
      'package.json': '{ "name": "winnow-slow", "type": "module", "main": "plugin.js" }',
      'plugin.js': `
        import { WinnowError, defineBackend, definePlugin } from '@winnow/plugin-api';
        const soft = { name: 'Soft 1', vendor: 'some', architecture: 'cpu', software: true };
        const slow = defineBackend({
          name: 'slow',
          summary: 'a driver in software',
          priority: 1000,
          async start({ byAuto = false } = {}) {
            if (byAuto) throw new WinnowError('BACKEND_UNAVAILABLE', 'It is slow.');
          },
          devices: async () => [soft],
        });
        export default definePlugin({ name: 'winnow-slow', components: [slow] });`,
    });
    const { stdout } = await runWinnow('doctor', '--plugin', folder);
    expect(stdout).toMatch(/^slow +does not start: It is slow\.$/m);
    expect(stdout).toMatch(/^ {2}adapter +Soft 1 \(some, cpu\), software$/m);
    expect(stdout).not.toMatch(/^auto +slow$/m);
  });
});
