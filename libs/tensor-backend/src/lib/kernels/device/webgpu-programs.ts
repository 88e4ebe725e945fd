import { replaceKernel } from '../array-kernel.ts';
import { useComposed } from './composed-kernel.ts';
import { composedNormalization } from './composed-normalize.ts';
import { webgpuFilterGradient } from './webgpu-filter-gradient.ts';
import { webgpuNormalization } from './webgpu-normalize.ts';
import { webgpuRelax } from './webgpu-relax.ts';

/** Winnow's kernels on WebGPU: programs in WGSL, and for the second derivative of normalisation the backend's ops. */
export function addWebgpuPrograms(): void {
  useComposed([...composedNormalization, ...webgpuNormalization, webgpuRelax], 'webgpu');
  replaceKernel(webgpuFilterGradient());
}
