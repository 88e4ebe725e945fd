import type { BackendDevice } from '@winnow/plugin-api';
import type { Gpu, GpuAdapter, GpuAdapterInfo } from './dawn.ts';

/** Drivers that compute on the CPU, of which not every one says so. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|microsoft basic render|\bwarp\b/i;

/** What NVIDIA's driver says of itself where others say what the device is. */
const DRIVER_ALONE = /^NVIDIA: [\d. ]+$/;

export function deviceOf(info: GpuAdapterInfo): BackendDevice {
  const { vendor, architecture, device, description } = info;
  const spoken = DRIVER_ALONE.test(description) ? '' : description;
  const name = spoken || device || architecture || vendor || 'an adapter without a name';
  const told = `${vendor} ${architecture} ${device} ${description}`;
  return {
    name,
    vendor,
    architecture,
    software: info.isFallbackAdapter === true || SOFTWARE.test(told),
  };
}

/** The adapter that work goes to: the fast one where there are two; hardware before software. */
export async function chooseAdapter(gpu: Gpu): Promise<GpuAdapter | null> {
  return gpu.requestAdapter({ powerPreference: 'high-performance' });
}

/** Every adapter that Dawn offers, each once, the one that work goes to first. */
export async function adapters(gpu: Gpu): Promise<BackendDevice[]> {
  const found = [
    await chooseAdapter(gpu),
    await gpu.requestAdapter({ powerPreference: 'low-power' }),
    await gpu.requestAdapter({ forceFallbackAdapter: true }),
  ];
  const devices = found.filter((it) => it !== null).map(({ info }) => deviceOf(info));
  return [...new Map(devices.map((device) => [JSON.stringify(device), device])).values()];
}
