import type * as tf from '@tensorflow/tfjs-core';
import { BATCH_NORMALIZE_GRAD_GRAD } from '../../kernels/batch-normalize-grad-grad.ts';
import {
  BATCH_NORMALIZE,
  BATCH_NORMALIZE_GRAD,
  type BatchNormalizeAttributes,
} from '../../kernels/batch-normalize.ts';
import { AFFINE, type AffineAttributes } from '../../kernels/affine.ts';
import { sizeOf } from '../native-backend.ts';
import type { EngineMemory } from '../engine-memory.ts';
import { type LayerKernel, layerKernel } from '../native-kernel.ts';

type Infos = Record<string, tf.TensorInfo>;

/** What the gradients are made of. */
const normalized = (backend: EngineMemory, given: Infos) => ({
  dy: backend.handle(given['dy']!),
  x: backend.handle(given['x']!),
  y: backend.handle(given['y']!),
  mean: backend.handle(given['mean']!),
  inverse: backend.handle(given['inverse']!),
  scale: backend.handle(given['scale']!),
  shift: backend.handle(given['shift']!),
});

/** Images as [rows, channels]. */
const over = ({ shape }: tf.TensorInfo, channels: number) => ({
  rows: sizeOf(shape) / channels,
  channels,
});

export const normalizationKernels: readonly LayerKernel[] = [
  layerKernel<AffineAttributes>(AFFINE, ({ inputs, attrs, backend }) => {
    const { x, factor, offset, residual } = inputs as Infos;
    const y = backend.output(x!.shape);
    backend.engine.affine({
      x: backend.handle(x!),
      factor: backend.handle(factor!),
      offset: backend.handle(offset!),
      residual: residual && backend.handle(residual),
      y: backend.handle(y),
      ...over(x!, factor!.shape[0]!),
      relu: attrs.relu,
    });
    return y;
  }),
  layerKernel<BatchNormalizeAttributes>(BATCH_NORMALIZE, ({ inputs, attrs, backend }) => {
    const { x, scale, shift, residual } = inputs as Infos;
    const outputs = [x!, scale!, scale!].map(({ shape }) => backend.output(shape));
    const moments = backend.moments(x!);
    const [y, mean, inverse] = outputs.map((output) => backend.handle(output));
    backend.engine.normalize({
      x: backend.handle(x!),
      scale: backend.handle(scale!),
      shift: backend.handle(shift!),
      residual: residual && backend.handle(residual),
      y: y!,
      mean: mean!,
      inverse: inverse!,
      ...over(x!, scale!.shape[0]!),
      epsilon: attrs.epsilon,
      relu: attrs.relu,
      moments: moments?.handle,
      parts: moments?.parts ?? 0,
    });
    return outputs;
  }),
  layerKernel<BatchNormalizeAttributes>(BATCH_NORMALIZE_GRAD, ({ inputs, attrs, backend }) => {
    const given = inputs as Infos;
    const { x, scale } = given;
    const { relu, hasResidual } = attrs;
    const outputs = [x!, scale!, scale!, ...(hasResidual ? [x!] : [])].map(({ shape }) =>
      backend.output(shape),
    );
    const [dx, dscale, dshift, dresidual] = outputs.map((output) => backend.handle(output));
    backend.engine.normalizeGradient({
      ...normalized(backend, given),
      dx: dx!,
      dscale: dscale!,
      dshift: dshift!,
      dresidual,
      ...over(x!, scale!.shape[0]!),
      relu,
    });
    return outputs;
  }),
  layerKernel<BatchNormalizeAttributes>(BATCH_NORMALIZE_GRAD_GRAD, ({ inputs, attrs, backend }) => {
    const given = inputs as Infos;
    const { x, scale, ddx, ddscale, ddshift, ddresidual } = given;
    const outputs = [x!, x!, scale!].map(({ shape }) => backend.output(shape));
    const [towardsDy, towardsX, towardsScale] = outputs.map((output) => backend.handle(output));
    backend.engine.normalizeGradientGradient({
      ...normalized(backend, given),
      ddx: backend.handle(ddx!),
      ddscale: backend.handle(ddscale!),
      ddshift: backend.handle(ddshift!),
      ddresidual: ddresidual && backend.handle(ddresidual),
      towardsDy: towardsDy!,
      towardsX: towardsX!,
      towardsScale: towardsScale!,
      ...over(x!, scale!.shape[0]!),
      relu: attrs.relu,
    });
    return outputs;
  }),
];
