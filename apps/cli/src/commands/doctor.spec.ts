import { mkdtemp, readFile } from 'node:fs/promises';
import { homedir, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { memoryRunStore } from '@winnow/experiments';
import { memoryRecords } from '../backends/backend-records.ts';
import type { Probe, ProbeWish } from '../backends/probe.ts';
import { createWinnow } from '../composition/create-winnow.ts';
import { memoryConsole } from '../terminal/memory-console.ts';
import { pluginFolder } from '../testing/plugin-folder.ts';
import { runWinnow, runWinnowOn } from '../testing/run-winnow.ts';

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

  it('measures each backend, keeps it, and has auto take the fastest', async () => {
    const records = memoryRecords();
    const asked: ProbeWish[] = [];
    /** As the processes of a machine might find. */
    const found: Record<string, Partial<Probe>> = {
      native: { starts: true, steps: [900, 310, 290, 300] },
      wasm: { starts: true, steps: [80, 120] },
      cpu: { starts: true, steps: [9000], broke: 'it took longer than 20 seconds', late: true },
      tensorflow: { starts: true, steps: [5, 5], broke: 'its process ended with SIGSEGV' },
      webgpu: { broke: 'its process ended with SIGABRT' },
    };
    const probe = (wish: ProbeWish): Promise<Probe> => {
      asked.push(wish);
      return Promise.resolve({
        steps: [],
        ...(found[wish.backend] ?? { starts: false, reason: 'No.' }),
      });
    };
    const measured = await runWinnowOn({ records, probe }, 'doctor', '--measure');
    expect(new Set(asked.map(({ backend }) => backend)).size).toBe(6);
    expect(asked.every(({ measure, check }) => measure && !check)).toBe(true);
    const today = new Date().toISOString().slice(0, 10);
    const lines = measured.stdout.split('\n').map((line) => line.replace(/ {2,}/, ' '));
    expect(lines).toEqual(
      expect.arrayContaining([
        `wasm starts, a step took 120 ms on ${today}`,
        `native starts, a step took 300 ms on ${today}`,
        `cpu starts, a step took 9000 ms on ${today}, the first alone`,
        `tensorflow starts, no step on ${today}: its process ended with SIGSEGV`,
        'webgpu does not start: Backend "webgpu" does not start: its process ended with SIGABRT.',
        'tensorflow-gpu does not start: No.',
        'auto wasm',
      ]),
    );
    const { config } = await (
      await createWinnow({ services: { records, console: memoryConsole() } })
    ).plan({ dataset: 'digits', model: 'resnet8', density: 0.05 }, memoryRunStore());
    expect(config.backend).toBe('wasm');
  });

  it('and a run say what may be faster and was not measured', async () => {
    const records = memoryRecords([], { webgpu: { webgpu: '0.6.2' } });
    const probe = ({ backend }: ProbeWish) =>
      Promise.resolve({ starts: backend === 'webgpu', steps: [] });
    const { stdout } = await runWinnowOn({ records, probe }, 'doctor');
    expect(stdout).toMatch(/^webgpu +starts, not measured$/m);
    expect(stdout).toMatch(/^auto +(native|wasm); never measured: webgpu$/m);
    const words = ['run', '--dataset', 'digits', '--model', 'resnet8', '--density', '7'];
    const run = await runWinnowOn({ records }, ...words);
    expect(run.stderr).toMatch(
      /^note: auto takes (native|wasm); installed, but never measured here: webgpu \(winnow doctor --measure\)\nerror \[BAD_DENSITY\]/,
    );
    const named = await runWinnowOn({ records }, ...words, '--backend', 'wasm');
    expect(named.stderr).toMatch(/^error \[BAD_DENSITY\]/);
  });

  it.each([
    ['OPTION_NOT_USED', ['--backend', 'wasm']],
    ['FILE_NOT_WRITABLE', ['--gpu-report', import.meta.dirname]],
    ['FILE_NOT_WRITABLE', ['--gpu-report', join(import.meta.filename, 'gpu.json')]],
  ])('refuses with %s before anything is measured: %s', async (code, words) => {
    const probe = () => Promise.reject(new Error('It was asked.'));
    const { status, stderr } = await runWinnowOn({ probe }, 'doctor', ...words);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(new RegExp(`^error \\[${code}\\]: `)),
    });
  });

  it('writes a report that names nobody, with what each backend computes beside wasm', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'winnow-report-')), 'gpu.json');
    const of = (...gradient: number[]) => {
      const numbers = { gradient: Float32Array.from(gradient), searched: Float32Array.of(1) };
      return { starts: true, steps: [7, 8], numbers, losesNaN: [] };
    };
    const found: Record<string, Partial<Probe>> = {
      wasm: of(1, 2),
      native: of(1, 2.0001),
      webgpu: { ...of(1, 3), losesNaN: ['sigmoid'] },
    };
    const reason = `It lacks ${homedir()}/.local/lib/libcuda.so, says "/opt/x y" on ${hostname()}.`;
    const probe = (wish: ProbeWish) =>
      Promise.resolve({ starts: false, reason, steps: [], ...found[wish.backend] });
    const written = await runWinnowOn({ probe }, 'doctor', '--gpu-report', file);
    expect(written.stderr).toContain(`Wrote ${file}. Nothing was sent`);
    const text = await readFile(file, 'utf8');
    const report = JSON.parse(text) as { backends: { name: string }[] };
    const told = Object.fromEntries(report.backends.map((backend) => [backend.name, backend]));
    expect(told).toMatchObject({
      native: { agreement: { with: 'wasm', gradient: expect.closeTo(5e-5, 6), agrees: true } },
      webgpu: { agreement: { gradient: 0.5, agrees: false }, losesNaN: ['sigmoid'] },
      tensorflow: { reason: 'It lacks PATH, says "PATH" on NAME.' },
    });
    expect(text).not.toContain(homedir());
    expect(text).not.toContain(process.cwd());
  });
});
