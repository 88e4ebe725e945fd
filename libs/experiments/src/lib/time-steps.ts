import * as tf from '@tensorflow/tfjs-core';
import { type Clock, nextTurn, systemClock } from '@winnow/plugin-api';
import { type KernelTime, multiplyAddsSoFar, profileKernels } from '@winnow/tensor-backend';
import type { BenchStep } from './bench-step.ts';
import { median } from './median.ts';

/** The profile's entry for what no op does: optimisers and draws on the host, tensors on their way there and back. */
export const HOST = 'host';

export interface StepTimes {
  readonly medianMs: number;
  /** Of a step, as `multiplyAddsSoFar` counts them. */
  readonly multiplyAdds: number;
  /** Calls and milliseconds of each op in a step, on average; the most expensive first. */
  readonly profile?: readonly KernelTime[];
}

export interface TimingSetting {
  readonly steps: number;
  readonly profile?: boolean;
  readonly clock?: Clock;
}

/** Times steps on the current backend, after one to warm up. */
export async function timeSteps(
  step: BenchStep,
  { steps, profile = false, clock = systemClock }: TimingSetting,
): Promise<StepTimes> {
  const kernels = profile ? profileKernels(tf.getBackend()) : undefined;
  try {
    step(0);
    kernels?.take();
    const before = multiplyAddsSoFar();
    const times: number[] = [];
    for (let i = 1; i <= steps; i++) {
      // As between the steps of a run.
      await nextTurn();
      const start = clock();
      step(i);
      times.push(clock() - start);
    }
    const medianMs = median(times);
    const multiplyAdds = (multiplyAddsSoFar() - before) / steps;
    if (!kernels) return { medianMs, multiplyAdds };
    const ops = kernels.take();
    const total = times.reduce((sum, ms) => sum + ms, 0);
    const host = { op: HOST, calls: steps, ms: total - ops.reduce((sum, { ms }) => sum + ms, 0) };
    const perStep = [...ops, host]
      .map(({ op, calls, ms }) => ({ op, calls: calls / steps, ms: ms / steps }))
      .sort((a, b) => b.ms - a.ms);
    return { medianMs, multiplyAdds, profile: perStep };
  } finally {
    kernels?.restore();
  }
}
