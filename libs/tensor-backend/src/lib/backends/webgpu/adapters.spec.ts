import { expect, it } from '@jest/globals';
import { adapters, deviceOf } from './adapters.ts';
import type { Gpu, GpuAdapter, GpuAdapterInfo } from './dawn.ts';

const info = (given: Partial<GpuAdapterInfo>): GpuAdapterInfo => ({
  ...{ vendor: '', architecture: '', device: '', description: '' },
  ...given,
});

// As drivers call themselves.
it.each<[Partial<GpuAdapterInfo>, boolean]>([
  [{ vendor: 'google', architecture: 'swiftshader' }, true],
  [{ vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' }, true],
  [{ vendor: 'microsoft', description: 'Microsoft Basic Render Driver' }, true],
  [{ vendor: 'new', device: 'unheard of', isFallbackAdapter: true }, true],
  [{ vendor: 'nvidia', architecture: 'hopper', description: 'NVIDIA H100' }, false],
  [{ vendor: 'apple', architecture: 'metal-3', description: 'Apple M1 Max' }, false],
  [{ vendor: 'amd', description: 'AMD Radeon Pro Vega 20 (warped)' }, false],
])('tells %j to be software: %s', (given, software) => {
  expect(deviceOf(info(given)).software).toBe(software);
});

it('names a device by the most that its driver says', () => {
  expect(deviceOf(info({ vendor: 'intel', architecture: 'gen-12lp' })).name).toBe('gen-12lp');
  // As an H200's driver calls itself.
  const driver = { vendor: 'nvidia', description: 'NVIDIA: 580.159.04 580.159.4.0' };
  expect(deviceOf(info({ ...driver, device: 'nvidia-h200' })).name).toBe('nvidia-h200');
  expect(deviceOf(info(driver)).name).toBe('nvidia');
  expect(deviceOf(info({})).name).toBe('an adapter without a name');
});

it('lists every adapter once, that which work goes to first', async () => {
  const adapter = (name: string) => ({ info: info({ description: name }) }) as GpuAdapter;
  const gpu: Gpu = {
    requestAdapter: ({ powerPreference, forceFallbackAdapter }) =>
      Promise.resolve(
        forceFallbackAdapter ? null : adapter(powerPreference === 'low-power' ? 'small' : 'large'),
      ),
  };
  expect((await adapters(gpu)).map(({ name }) => name)).toEqual(['large', 'small']);
  const one: Gpu = { requestAdapter: () => Promise.resolve(adapter('only')) };
  expect((await adapters(one)).map(({ name }) => name)).toEqual(['only']);
});
