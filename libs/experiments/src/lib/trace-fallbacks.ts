import type { ComponentRegistry } from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { fallbackCalls } from '@winnow/tensor-backend/node';
import { benchStep } from './bench-step.ts';

export interface FallbackTrace {
  readonly backend: string;
  /** Ops that the backend handed to TensorFlow.js's reference kernels, most calls first. */
  readonly fellBack: readonly { readonly op: string; readonly calls: number }[];
}

/** Takes a step of dense training and one of a CTS search on the current backend; images have the digits' size. */
export function traceFallbacks(backend: string, registry: ComponentRegistry): FallbackTrace {
  const network = registry
    .get('model', 'resnet8')
    .build({ height: 8, width: 8, channels: 1 }, 10, {});
  const objective = registry.get('objective', 'kl');
  const before = new Map(fallbackCalls());
  for (const mode of ['train', 'cts'] as const) {
    const setting = { network, batch: 8, density: 0.01, random: randomStreams(0), objective };
    benchStep(mode, setting)(0);
  }
  const fellBack = [...fallbackCalls()]
    .map(([op, calls]) => ({ op, calls: calls - (before.get(op) ?? 0) }))
    .filter(({ calls }) => calls > 0)
    .sort((a, b) => b.calls - a.calls);
  return { backend, fellBack };
}
