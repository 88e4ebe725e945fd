import type * as tf from '@tensorflow/tfjs-core';
import { BATCH_NORMALIZE_GRAD_GRAD } from '../../kernels/batch-normalize-grad-grad.ts';
import {
  BATCH_NORMALIZE,
  BATCH_NORMALIZE_GRAD,
  type BatchNormalizeAttributes,
} from '../../kernels/batch-normalize.ts';
import { AFFINE, type AffineAttributes } from '../../kernels/affine.ts';
import { sizeOf } from '../native-backend.ts';
import { type NativeKernel, floatKernel } from '../native-kernel.ts';

type Infos = Record<string, tf.TensorInfo>;

export const normalizationKernels: readonly NativeKernel[] = [
  floatKernel<AffineAttributes>(AFFINE, ({ inputs, attrs, backend }) => {
    const { x, factor, offset, residual } = inputs as Infos;
    const channels = factor!.shape[0]!;
    const y = backend.output(x!.shape);
    backend.engine.affine(
      backend.handle(x!),
      backend.handle(factor!),
      backend.handle(offset!),
      residual && backend.handle(residual),
      backend.handle(y),
      sizeOf(x!.shape) / channels,
      channels,
      attrs.relu,
    );
    return y;
  }),
  floatKernel<BatchNormalizeAttributes>(BATCH_NORMALIZE, ({ inputs, attrs, backend }) => {
    const { x, scale, shift, residual } = inputs as Infos;
    const { epsilon, relu } = attrs;
    const channels = scale!.shape[0]!;
    const outputs = [x!, scale!, scale!].map(({ shape }) => backend.output(shape));
    const { moments } = backend.data.get(x!.dataId);
    const [y, mean, inverse] = outputs.map((output) => backend.handle(output));
    backend.engine.normalize(
      backend.handle(x!),
      backend.handle(scale!),
      backend.handle(shift!),
      residual && backend.handle(residual),
      y!,
      mean!,
      inverse!,
      sizeOf(x!.shape) / channels,
      channels,
      epsilon,
      relu,
      moments?.handle,
      moments?.parts ?? 0,
    );
    return outputs;
  }),
  floatKernel<BatchNormalizeAttributes>(BATCH_NORMALIZE_GRAD, ({ inputs, attrs, backend }) => {
    const { dy, x, y, mean, inverse, scale, shift } = inputs as Infos;
    const { relu, hasResidual } = attrs;
    const channels = scale!.shape[0]!;
    const outputs = [x!, scale!, scale!, ...(hasResidual ? [x!] : [])].map(({ shape }) =>
      backend.output(shape),
    );
    const [dx, dscale, dshift, dresidual] = outputs.map((output) => backend.handle(output));
    const given = [dy, x, y, mean, inverse, scale, shift].map((t) => backend.handle(t!));
    backend.engine.normalizeGradient(
      ...(given as [number, number, number, number, number, number, number]),
      dx!,
      dscale!,
      dshift!,
      dresidual,
      sizeOf(x!.shape) / channels,
      channels,
      relu,
    );
    return outputs;
  }),
  floatKernel<BatchNormalizeAttributes>(BATCH_NORMALIZE_GRAD_GRAD, ({ inputs, attrs, backend }) => {
    const given = inputs as Infos;
    const { x, scale, ddresidual } = given;
    const channels = scale!.shape[0]!;
    const outputs = [x!, x!, scale!].map(({ shape }) => backend.output(shape));
    const handle = (name: string) => backend.handle(given[name]!);
    const [towardsDy, towardsX, towardsScale] = outputs.map((output) => backend.handle(output));
    backend.engine.normalizeGradientGradient(
      handle('dy'),
      handle('x'),
      handle('y'),
      handle('mean'),
      handle('inverse'),
      handle('scale'),
      handle('shift'),
      handle('ddx'),
      handle('ddscale'),
      handle('ddshift'),
      ddresidual && backend.handle(ddresidual),
      towardsDy!,
      towardsX!,
      towardsScale!,
      sizeOf(x!.shape) / channels,
      channels,
      attrs.relu,
    );
    return outputs;
  }),
];
