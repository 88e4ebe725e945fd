import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type BackendDescriptor, defineBackend } from '@winnow/plugin-api';
import { startBackend } from '@winnow/tensor-backend';
import {
  type MeasuredStep,
  measuredStepsFile,
  memoryRecords,
  recordsHere,
} from './backend-records.ts';
import { groundOf } from './ground.ts';
import { unmeasured, withMeasuredSteps } from './measured-backends.ts';

const GPU = { name: 'Fast 1', vendor: 'some', architecture: 'new', software: false };
let devices = [GPU];
const start = () => Promise.resolve();
const host = defineBackend({ name: 'host', summary: '', priority: 30, start });
const gpu = defineBackend({
  name: 'gpu',
  summary: '',
  priority: 50,
  external: true,
  start,
  devices: () => Promise.resolve(devices),
});
const INSTALLED = { gpu: { dawn: '1.0.0' } };

const step = (backend: BackendDescriptor, stepMs: number): MeasuredStep => ({
  backend: backend.name,
  stepMs,
  steps: 6,
  at: '2026-11-26T12:00:00.000Z',
  on: groundOf(backend, backend === gpu ? INSTALLED.gpu : {}, []),
  ...(backend === gpu && { devices: [GPU] }),
});

async function auto(steps: readonly MeasuredStep[], installed = INSTALLED): Promise<string> {
  const known = withMeasuredSteps([host, gpu], memoryRecords(steps, installed), []);
  return startBackend('auto', known as BackendDescriptor[]);
}

describe('auto', () => {
  it('takes an external backend where it was measured to be faster, and else not', async () => {
    expect(await auto([])).toBe('host');
    expect(await auto([step(gpu, 40)])).toBe('host');
    expect(await auto([step(gpu, 40), step(host, 300)])).toBe('gpu');
    expect(await auto([step(gpu, 40), step(host, 39)])).toBe('host');
  });

  it('heeds no step that was measured on something else', async () => {
    const [fast, own] = [step(gpu, 40), step(host, 300)];
    expect(await auto([fast, own], { gpu: { dawn: '1.0.1' } })).toBe('host');
    for (const other of [{ processor: 'another' }, { threads: 999 }, { driver: '1' }])
      expect(await auto([{ ...fast, on: { ...fast.on, ...other } }, own])).toBe('host');
    devices = [{ ...GPU, name: 'Fast 2' }];
    expect(await auto([fast, own])).toBe('host');
    devices = [GPU];
    expect(await auto([fast, own])).toBe('gpu');
  });

  it('starts by its name what was measured on another device', async () => {
    const records = memoryRecords([step(gpu, 40)], INSTALLED);
    const [known] = withMeasuredSteps([gpu], records, []) as BackendDescriptor[];
    devices = [];
    await expect(known!.start({ byAuto: true })).rejects.toThrow(
      'Backend "gpu" was measured on Fast 1, and would compute on none now. Measure it again: winnow doctor --measure.',
    );
    await known!.start();
    devices = [GPU];
  });
});

it('knows what is installed and was not measured, failures being a measurement too', () => {
  const left = (steps: readonly MeasuredStep[], installed = INSTALLED) =>
    unmeasured([host, gpu], memoryRecords(steps, installed), []);
  const { stepMs: _, ...failed } = { ...step(gpu, 1), reason: 'it took no step' };
  expect(left([])).toEqual(['gpu']);
  expect(left([], {} as typeof INSTALLED)).toEqual([]);
  expect(left([step(gpu, 40)])).toEqual([]);
  expect(left([failed])).toEqual([]);
  expect(left([failed], { gpu: { dawn: '2.0.0' } })).toEqual(['gpu']);
});

it('keeps steps in the cache of the user, where a file that is damaged or of other steps is none', async () => {
  const before = process.env['XDG_CACHE_HOME'];
  const cache = mkdtempSync(join(tmpdir(), 'winnow-cache-'));
  process.env['XDG_CACHE_HOME'] = cache;
  try {
    expect(recordsHere.steps()).toEqual([]);
    const steps = [step(gpu, 40), step(host, 300)];
    await recordsHere.keep(steps);
    const file = join(cache, 'winnow', 'measured-steps.json');
    expect(measuredStepsFile()).toBe(file);
    expect(recordsHere.steps()).toEqual(steps);
    const text = readFileSync(file, 'utf8');
    for (const other of [
      text.slice(0, -9),
      'null',
      '{}',
      text.replace('"batch": 128', '"batch": 64'),
    ]) {
      writeFileSync(file, other);
      expect(recordsHere.steps()).toEqual([]);
    }
    writeFileSync(file, text.replace('"stepMs": 40', '"stepMs": "fast"'));
    expect(recordsHere.steps()).toEqual([steps[1]]);
  } finally {
    if (before === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = before;
    rmSync(cache, { recursive: true });
  }
});
