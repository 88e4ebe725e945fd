import { describe, expect, it, jest } from '@jest/globals';
import { runWinnow } from '../testing/run-winnow.ts';

jest.setTimeout(60_000);

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
    const reason = 'it is not in this version';
    expect(backends).toContainEqual({ name: 'webgpu', starts: false, reason });
    expect(await doctor('--trace', '--backend', 'wasm')).toMatchObject({
      trace: { backend: 'wasm', fellBack: [] },
    });
    if (backends.some(({ name, starts }) => name === 'native' && starts)) {
      expect(await doctor('--trace', '--backend', 'native')).toMatchObject({
        trace: { backend: 'native', fellBack: [] },
      });
    }
  });

  it('tells of a backend that is no choice yet', async () => {
    const { status, stderr } = await runWinnow('doctor', '--trace', '--backend', 'webgpu');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error \[UNKNOWN_NAME\]: .*"webgpu"/);
  });
});
