import * as tf from '@tensorflow/tfjs-core';

// TensorFlow.js's kernels on TensorFlow refuse padding that is written out, in pooling and in convolution's gradients.
// TensorFlow itself takes it there, but leaves oneDNN for loops that take seven times as long. So it is called "same" where
// that means the same pixels, and otherwise put into the images.

type Four = [number, number, number, number];
type Windows = tf.backend_util.Conv2DInfo;

interface Attributes {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly filterSize: [number, number];
  readonly inputShape: Four;
  readonly filterShape: Four;
}

/** Images and what TensorFlow is told of their padding. */
interface Placement {
  readonly pad: 'valid' | 'same';
  /** Of the images that it sees. */
  readonly shape: Four;
  readonly put: (images: tf.Tensor4D, value: number) => tf.Tensor4D;
  readonly take: (images: tf.Tensor4D) => tf.Tensor4D;
}

/** Whether "same" puts every window where it is; not for windows larger than images, which oneDNN refuses. */
function isSame({ padInfo, ...w }: Windows): boolean {
  if (w.effectiveFilterHeight > w.inHeight || w.effectiveFilterWidth > w.inWidth) return false;
  const along = (size: number, out: number, stride: number, window: number, before: number) =>
    out === Math.ceil(size / stride) &&
    before === Math.floor(Math.max(0, (out - 1) * stride + window - size) / 2);
  return (
    along(w.inHeight, w.outHeight, w.strideHeight, w.effectiveFilterHeight, padInfo.top) &&
    along(w.inWidth, w.outWidth, w.strideWidth, w.effectiveFilterWidth, padInfo.left)
  );
}

/** Whether "valid" makes as many; not where sizes are rounded up, and the last windows reach beyond the images. */
function isValid({ padInfo, ...w }: Windows): boolean {
  const along = (size: number, out: number, stride: number, window: number) =>
    out === Math.floor((size - window) / stride) + 1;
  return (
    padInfo.type === 'VALID' &&
    along(w.inHeight, w.outHeight, w.strideHeight, w.effectiveFilterHeight) &&
    along(w.inWidth, w.outWidth, w.strideWidth, w.effectiveFilterWidth)
  );
}

function place(windows: Windows): Placement {
  const { padInfo, inHeight, inWidth, inShape } = windows;
  const { top, left } = padInfo;
  if (isValid(windows) || isSame(windows)) {
    const pad = isValid(windows) ? 'valid' : 'same';
    return { pad, shape: inShape, put: (images) => images, take: (images) => images };
  }
  // As far as the last window reaches, where sizes are rounded up.
  const { outHeight, strideHeight, effectiveFilterHeight } = windows;
  const { outWidth, strideWidth, effectiveFilterWidth } = windows;
  const reach = (outHeight - 1) * strideHeight + effectiveFilterHeight - inHeight - top;
  const breadth = (outWidth - 1) * strideWidth + effectiveFilterWidth - inWidth - left;
  const bottom = Math.max(padInfo.bottom, reach);
  const right = Math.max(padInfo.right, breadth);
  const [batch, , , channels] = inShape;
  return {
    pad: 'valid',
    shape: [batch, top + inHeight + bottom, left + inWidth + right, channels],
    put: (images, value) => {
      const sides: [[number, number], [number, number]] = [
        [top, bottom],
        [left, right],
      ];
      return tf.pad4d(images, [[0, 0], ...sides, [0, 0]], value);
    },
    take: (images) => tf.slice4d(images, [0, top, left, 0], [batch, inHeight, inWidth, channels]),
  };
}

function convolution(images: Four, filter: Four, attributes: Attributes): Placement {
  const { strides, pad, dimRoundingMode } = attributes;
  return place(tf.backend_util.computeConv2DInfo(images, filter, strides, 1, pad, dimRoundingMode));
}

const poolWindows = (images: Four, { filterSize, strides, pad, dimRoundingMode }: Attributes) =>
  tf.backend_util.computePool2DInfo(images, filterSize, strides, 1, pad, dimRoundingMode);

const pooling = (images: Four, attributes: Attributes) => place(poolWindows(images, attributes));

/** TensorFlow.js looks no further at windows of one pixel. */
function isIdentity(images: Four, attributes: Attributes): boolean {
  const { inShape, outShape, filterHeight, filterWidth } = poolWindows(images, attributes);
  return filterHeight === 1 && filterWidth === 1 && tf.util.arraysEqual(inShape, outShape);
}

type Inputs = Readonly<Record<string, tf.Tensor4D>>;
type Run = (inputs: Inputs, attributes: Partial<Attributes>) => tf.Tensor4D;

/** A kernel that calls TensorFlow.js's own with padding that has a name. */
function around(
  kernelName: string,
  compute: (own: Run, inputs: Inputs, attributes: Attributes) => tf.Tensor4D,
): tf.KernelConfig {
  const own = tf.getKernel(kernelName, 'tensorflow');
  const kernelFunc: tf.KernelFunc = (call) => {
    const attributes = call.attrs as unknown as Attributes;
    if (attributes.dataFormat === 'NCHW') return own.kernelFunc(call);
    const run: Run = (inputs, changed) =>
      own.kernelFunc({
        ...call,
        inputs: inputs,
        attrs: {
          ...call.attrs,
          ...changed,
          dimRoundingMode: undefined,
        } as unknown as tf.NamedAttrMap,
      }) as tf.Tensor4D;
    return tf.tidy(() => compute(run, call.inputs as unknown as Inputs, attributes));
  };
  return { ...own, kernelFunc };
}

/** Convolution's two gradients, max-pooling and its gradient, for any padding. */
export function tensorflowPadding(): tf.KernelConfig[] {
  return [
    around(tf.Conv2DBackpropInput, (own, inputs, attributes) => {
      const { shape, pad, take } = convolution(
        attributes.inputShape,
        inputs['filter']!.shape,
        attributes,
      );
      return take(own(inputs, { pad, inputShape: shape }));
    }),
    around(tf.Conv2DBackpropFilter, (own, { x, dy }, attributes) => {
      const { pad, put } = convolution(x!.shape, attributes.filterShape, attributes);
      return own({ x: put(x!, 0), dy: dy! }, { pad });
    }),
    around(tf.MaxPool, (own, { x }, attributes) => {
      if (isIdentity(x!.shape, attributes)) return tf.clone(x!);
      const { pad, put } = pooling(x!.shape, attributes);
      return own({ x: put(x!, -Infinity) }, { pad });
    }),
    around(tf.MaxPoolGrad, (own, { dy, input, output }, attributes) => {
      const { pad, put, take } = pooling(input!.shape, attributes);
      return take(own({ dy: dy!, output: output!, input: put(input!, -Infinity) }, { pad }));
    }),
  ];
}
