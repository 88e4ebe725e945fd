import type { ArrayKernel, KernelInput } from './array-kernel.ts';

export const RELAX = 'WinnowRelax';

export interface RelaxAttributes {
  readonly temperature: number;
}

/** Inputs alpha and uniform, shapes alike; output sigmoid(ln(u/(1 − u))/temperature + α). */
export const relaxKernel: ArrayKernel<RelaxAttributes> = {
  name: RELAX,
  outputShapes: ({ alpha }) => [alpha!],
  compute(inputs, [mask], { temperature }) {
    const { values: alpha } = inputs['alpha'] as KernelInput;
    const { values: uniform } = inputs['uniform'] as KernelInput;
    for (let i = 0; i < alpha.length; i++) {
      const u = uniform[i]!;
      mask![i] = 1 / (1 + Math.exp(-(Math.log(u / (1 - u)) / temperature + alpha[i]!)));
    }
  },
};
