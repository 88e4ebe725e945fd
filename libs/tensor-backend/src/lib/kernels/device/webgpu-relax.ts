import { RELAX, type RelaxAttributes } from '../relax.ts';
import type { ComposedKernel } from './composed-kernel.ts';
import { runElementwise } from './webgpu-program.ts';

/** See `relaxKernel`. */
export const webgpuRelax: ComposedKernel<RelaxAttributes> = {
  name: RELAX,
  compute: ({ alpha, uniform }, { temperature }) =>
    runElementwise({
      name: 'relax',
      inputs: { alpha: alpha!, u: uniform! },
      shape: alpha!.shape,
      uniforms: { temperature: ['float32', temperature] },
      statements: `let noise = log(u[i] / (1.0 - u[i])) / uniforms.temperature;`,
      value: '1.0 / (1.0 + exp(-(noise + alpha[i])))',
    }),
};
