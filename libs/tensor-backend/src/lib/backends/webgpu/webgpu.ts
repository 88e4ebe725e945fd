import * as tf from '@tensorflow/tfjs-core';
import {
  type BackendDescriptor,
  type BackendDevice,
  WinnowError,
  defineBackend,
  isWinnowError,
} from '@winnow/plugin-api';
import { activate } from '../activate.ts';
import { importInstalled, installedPath } from '../installed-packages.ts';
import { adapters, chooseAdapter, deviceOf } from './adapters.ts';
import { type DawnPackage, DawnTurns, type Gpu, type GpuAdapter } from './dawn.ts';
import { DeviceHealth } from './device-health.ts';
import { webgpuBackend } from './webgpu-backend.ts';
import { type TensorflowWebgpuClass, loadTensorflowWebgpu } from './webgpu-module.ts';
import { WEBGPU_PACKAGES } from './webgpu-packages.ts';

const NAME = 'webgpu';
const { dawn, tensorflow } = WEBGPU_PACKAGES;

/** As large as the adapter allows; WebGPU grants little unasked. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
];

interface Loaded {
  readonly gpu: Gpu;
  readonly turns: DawnTurns;
  readonly globals: DawnPackage['globals'];
  readonly Base: TensorflowWebgpuClass;
}

let loading: Promise<Loaded> | undefined;
let health: DeviceHealth | undefined;

async function load(): Promise<Loaded> {
  try {
    const loaded = (await importInstalled(NAME, dawn.name)) as DawnPackage;
    const { globals } = loaded;
    const gpu = loaded.create([]);
    const Base = loadTensorflowWebgpu(installedPath(NAME, tensorflow.name), gpu, globals);
    // Not before: it changes Dawn's classes, and this may be tried again.
    const turns = new DawnTurns(globals);
    // Its own, which would be of another device.
    tf.removeBackend(NAME);
    // It stands on TensorFlow.js's reference for what is lacking, which is loaded for those that compute alone.
    (await import('./webgpu-kernels.ts')).addWebgpuKernels();
    return { gpu, turns, globals, Base };
  } catch (cause) {
    loading = undefined;
    const { code, message } = cause as NodeJS.ErrnoException;
    const absent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    throw new WinnowError(
      'BACKEND_UNAVAILABLE',
      absent
        ? `Backend "${NAME}" is not installed.`
        : `Backend "${NAME}" cannot load its packages (${message.split('\n')[0]}).`,
      { hint: `Install it with: winnow backend install ${NAME}`, cause },
    );
  }
}

async function openDevice(adapter: GpuAdapter, { turns, globals, Base }: Loaded): Promise<void> {
  const requiredLimits = Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]]));
  const requiredFeatures = ['timestamp-query'].filter((it) => adapter.features.has(it));
  const device = await adapter.requestDevice({ requiredLimits, requiredFeatures });
  const watched = new DeviceHealth(device, globals['GPUOutOfMemoryError']!);
  const backend = webgpuBackend(Base, device, adapter.info, turns, watched);
  if (tf.findBackend(NAME)) tf.removeBackend(NAME);
  tf.registerBackend(NAME, () => backend);
  health = watched;
}

/** A GPU of any vendor, through WebGPU: Dawn, the implementation of Chromium, over Vulkan, Metal or Direct3D 12. */
export const webgpu: BackendDescriptor = defineBackend({
  name: NAME,
  summary: 'any GPU, through WebGPU (Dawn)',
  priority: 50,
  external: true,
  async start({ byAuto = false } = {}) {
    const loaded = await (loading ??= load());
    // A device that is lost stays so; the next run gets a new one.
    const running = health?.isGood === true;
    const adapter = running && !byAuto ? undefined : await chooseAdapter(loaded.gpu);
    if (adapter === null) {
      throw new WinnowError('BACKEND_UNAVAILABLE', `Backend "${NAME}" finds no GPU here.`, {
        hint: 'It takes a driver: Vulkan on Linux, with its loader libvulkan.so.1.',
      });
    }
    if (byAuto && adapter) {
      const { name, software } = deviceOf(adapter.info);
      if (software) {
        throw new WinnowError(
          'BACKEND_UNAVAILABLE',
          `Backend "${NAME}" finds no GPU here, only ${name}, which computes in software.`,
          { hint: `--backend ${NAME} takes it nevertheless.` },
        );
      }
    }
    if (!running) {
      try {
        await openDevice(adapter!, loaded);
      } catch (cause) {
        if (isWinnowError(cause)) throw cause;
        const [line] = String((cause as Error).message).split('\n');
        throw new WinnowError(
          'BACKEND_UNAVAILABLE',
          `Backend "${NAME}" gets no device (${line}).`,
          { cause },
        );
      }
    }
    const [{ webgpuVectors }, { addWebgpuPrograms }] = await Promise.all([
      import('../../vectors/webgpu-vectors.ts'),
      import('../../kernels/device/webgpu-programs.ts'),
    ]);
    await activate(NAME, { vectors: webgpuVectors(), addKernels: addWebgpuPrograms });
  },
  async devices(): Promise<readonly BackendDevice[]> {
    return adapters((await (loading ??= load())).gpu);
  },
});
