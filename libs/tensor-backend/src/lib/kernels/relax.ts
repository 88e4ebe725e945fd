import { exponential } from '../exponential.ts';
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
    const power = 1 / temperature;
    for (let i = 0; i < alpha.length; i++) {
      const u = uniform[i]!;
      const odds = (1 - u) / u;
      // No logarithm, and at CTS's temperature no power: e^(−ln(u/(1 − u))/τ) is the odds to the 1/τ.
      const noise = power === 1.5 ? odds * Math.sqrt(odds) : odds ** power;
      mask![i] = 1 / (1 + exponential(-alpha[i]!) * noise);
    }
  },
};
