import * as tf from '@tensorflow/tfjs-core';
import { MAX_POOL_GATHER } from '../../kernels/max-pool-gather.ts';
import { sizeOf } from '../native-backend.ts';
import { type LayerKernel, type NativeKernel, floatKernel, layerKernel } from '../native-kernel.ts';
import {
  type ConvolutionAttributes,
  channelsLast,
  convolutionGradients,
} from './convolution-gradients.ts';
import { convolutionGeometry, poolingGeometry } from './geometry.ts';

type PoolAttributes = Parameters<typeof poolingGeometry>[1];

/** Of each place of a broadcast shape in order, the place of a narrower one that is there. */
function placesIn(narrow: readonly number[], broadcast: readonly number[]): number[] {
  let places = [0];
  const lead = broadcast.length - narrow.length;
  broadcast.forEach((size, axis) => {
    const own = axis < lead ? 1 : narrow[axis - lead]!;
    places = places.flatMap((place) =>
      Array.from({ length: size }, (_, i) => place * own + (own === 1 ? 0 : i)),
    );
  });
  return places;
}

export const matrixProduct = floatKernel<{ transposeA: boolean; transposeB: boolean }>(
  tf.BatchMatMul,
  ({ inputs, attrs, backend }) => {
    const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    const { transposeA, transposeB } = attrs;
    const [ra, ca] = a.shape.slice(-2) as [number, number];
    const [rb, cb] = b.shape.slice(-2) as [number, number];
    const [m, k] = transposeA ? [ca, ra] : [ra, ca];
    const [kb, n] = transposeB ? [cb, rb] : [rb, cb];
    tf.util.assert(k === kb, () => `Inner shapes ${k} and ${kb} of a matrix product differ.`);
    const outer = tf.broadcast_util.assertAndGetBroadcastShape(
      a.shape.slice(0, -2),
      b.shape.slice(0, -2),
    );
    const y = backend.output([...outer, m, n]);
    const sizes = { m, k, n, transposeA, transposeB };
    const batch = sizeOf(outer);
    const [ofA, ofB] = [a, b].map((x) => sizeOf(x.shape.slice(0, -2)));
    const isPlain = [ofA, ofB].every((count) => count === batch || count === 1);
    if (isPlain) {
      const [oneA, oneB] = [ofA !== batch, ofB !== batch];
      const [ha, hb, c] = [a, b, y].map((x) => backend.handle(x));
      backend.engine.matMul({ a: ha!, b: hb!, c: c!, ...sizes, batch, oneA, oneB });
      return y;
    }
    // Both are broadcast, each along other sides, and TensorFlow.js's reference gives too few numbers.
    const [placeA, placeB] = [a, b].map((x) => placesIn(x.shape.slice(0, -2), outer));
    for (let i = 0; i < batch; i++) {
      const parts = [
        backend.view(a, placeA![i]! * ra * ca, [ra, ca]),
        backend.view(b, placeB![i]! * rb * cb, [rb, cb]),
        backend.view(y, i * m * n, [m, n]),
      ];
      const [ha, hb, c] = parts.map((part) => backend.handle(part));
      backend.engine.matMul({
        a: ha!,
        b: hb!,
        c: c!,
        ...sizes,
        batch: 1,
        oneA: false,
        oneB: false,
      });
      for (const { dataId } of parts) backend.disposeData(dataId);
    }
    return y;
  },
);

const convolution = layerKernel<ConvolutionAttributes>(
  tf.Conv2D,
  ({ inputs, attrs, backend }) => {
    const { x, filter } = inputs as { x: tf.TensorInfo; filter: tf.TensorInfo };
    const { outShape, geometry } = convolutionGeometry(x.shape, filter.shape, attrs);
    const y = backend.output(outShape);
    backend.keepMoments(y, geometry.batch, (moments) =>
      backend.engine.convolve({
        x: backend.handle(x),
        filter: backend.handle(filter),
        y: backend.handle(y),
        moments,
        ...geometry,
      }),
    );
    return y;
  },
  channelsLast,
);

export const convolutionKernels: readonly LayerKernel[] = [
  convolution,
  ...convolutionGradients(
    { input: tf.Conv2DBackpropInput, filter: tf.Conv2DBackpropFilter },
    'convolveInputGradient',
    'convolveFilterGradient',
    convolutionGeometry,
  ),
];

function pooling(name: string, call: 'maxPool' | 'averagePool'): NativeKernel {
  return floatKernel<PoolAttributes>(name, ({ inputs, attrs, backend }) => {
    const x = inputs['x']!;
    const { outShape, geometry, single } = poolingGeometry(x.shape, attrs);
    // TensorFlow.js passes single pixels on, even where padding has moved them.
    if (single && tf.util.arraysEqual(outShape as number[], x.shape)) return backend.shared(x);
    const y = backend.output(outShape);
    backend.engine[call]({ x: backend.handle(x), y: backend.handle(y), ...geometry });
    return y;
  });
}

export const poolingKernels: readonly NativeKernel[] = [
  pooling(tf.MaxPool, 'maxPool'),
  pooling(tf.AvgPool, 'averagePool'),
  floatKernel<PoolAttributes>(tf.MaxPoolGrad, ({ inputs, attrs, backend }) => {
    const { dy, input } = inputs as { dy: tf.TensorInfo; input: tf.TensorInfo };
    const dx = backend.output(input.shape);
    backend.engine.maxPoolGradient({
      dy: backend.handle(dy),
      x: backend.handle(input),
      dx: backend.handle(dx),
      ...poolingGeometry(input.shape, attrs).geometry,
    });
    return dx;
  }),
  floatKernel<PoolAttributes>(MAX_POOL_GATHER, ({ inputs, attrs, backend }) => {
    const { values, x } = inputs as { values: tf.TensorInfo; x: tf.TensorInfo };
    const { outShape, geometry } = poolingGeometry(x.shape, attrs);
    const y = backend.output(outShape);
    backend.engine.maxPoolGather({
      values: backend.handle(values),
      x: backend.handle(x),
      y: backend.handle(y),
      ...geometry,
    });
    return y;
  }),
  floatKernel<PoolAttributes>(tf.AvgPoolGrad, ({ inputs, attrs, backend }) => {
    const { dy, input } = inputs as { dy: tf.TensorInfo; input: tf.TensorInfo };
    const dx = backend.output(input.shape);
    backend.engine.averagePoolGradient({
      dy: backend.handle(dy),
      dx: backend.handle(dx),
      ...poolingGeometry(input.shape, attrs).geometry,
    });
    return dx;
  }),
];
