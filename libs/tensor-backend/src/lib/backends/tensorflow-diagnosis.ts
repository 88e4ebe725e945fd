import { existsSync } from 'node:fs';
import { WinnowError } from '@winnow/plugin-api';

const again = (backend: string) =>
  `Make it again: winnow backend remove ${backend}, then winnow backend install ${backend}.`;

const unavailable = (sentence: string, hint: string, cause?: unknown) =>
  new WinnowError('BACKEND_UNAVAILABLE', sentence, { hint, cause });

/** What NVIDIA's driver shows of itself to programs, on Linux and in Windows' subsystem for Linux. */
const DRIVER = ['/proc/driver/nvidia/version', '/dev/nvidiactl', '/dev/dxg'];

/** Whether a driver for NVIDIA's GPUs is loaded. Without it, TensorFlow would compute on the CPU and say nothing. */
export function graphicsDriver(exists: (path: string) => boolean = existsSync): boolean {
  return DRIVER.some((path) => exists(path));
}

export const noDriver = () =>
  unavailable(
    'Backend "tensorflow-gpu" finds no driver of NVIDIA on this machine.',
    'Install the driver, 525 or newer (nvidia-smi shows it), or use the backend native; CUDA itself comes with winnow backend install tensorflow-gpu.',
  );

export const noGpu = () =>
  unavailable(
    'Backend "tensorflow-gpu" is installed, but TensorFlow finds no GPU that it can use.',
    'Look whether nvidia-smi lists one, and whether CUDA_VISIBLE_DEVICES hides it. With TF_CPP_MIN_LOG_LEVEL=0, TensorFlow tells what it lacks.',
  );

/** BACKEND_UNAVAILABLE, in a sentence, for what loading a package threw; `folder` is where it is installed, if it is. */
export function whyNotLoaded(backend: string, cause: unknown, folder?: string): WinnowError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const [reason = ''] = String(message).split('\n');
  if (code === 'MODULE_NOT_FOUND' && /tfjs-node[\w-]*\/package\.json/.test(reason)) {
    return folder === undefined
      ? unavailable(
          `Backend "${backend}" is not installed.`,
          `Install it with: winnow backend install ${backend}`,
          cause,
        )
      : unavailable(`Backend "${backend}" is not whole in ${folder}.`, again(backend), cause);
  }
  if (code === 'MODULE_NOT_FOUND' && /tfjs_binding/.test(reason)) {
    return unavailable(`Backend "${backend}" is there without its binding.`, again(backend), cause);
  }
  const missing = /(lib[\w.+-]+): cannot open shared object file/.exec(reason)?.[1];
  if (missing && /^lib(cu|nv|nccl)/.test(missing)) {
    return unavailable(
      `Backend "${backend}" needs another CUDA than is here: it lacks ${missing}.`,
      `${again(backend)} That brings the CUDA that it needs.`,
      cause,
    );
  }
  if (missing) {
    return unavailable(`Backend "${backend}" lacks the library ${missing}.`, again(backend), cause);
  }
  const version = /version [`'"]?((?:GLIBC|GLIBCXX|CXXABI)_[\d.]+)['"]? not found/.exec(
    reason,
  )?.[1];
  if (version) {
    return unavailable(
      `Backend "${backend}" was built with a newer compiler or C library than this machine's (${version} is missing).`,
      again(backend),
      cause,
    );
  }
  return unavailable(`Backend "${backend}" does not load (${reason}).`, again(backend), cause);
}
